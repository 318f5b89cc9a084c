import type { Environment } from '../../../preload/contract/environments.ts';
import type { CommandAction, DryRunProgress, RunAction } from '../../../preload/contract/migrations.ts';
import { fail } from '../../lib/fail.ts';
import { following } from '../../lib/following.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import { checkedFolder, type Looks } from '../look.ts';
import { runTarget } from '../run/procedures.ts';
import { Refusal } from '../run/refusal.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';
import type { CopyNeeds } from './copy.ts';
import { dryRun, type Report } from './dry-run.ts';

export interface DryRunNeeds extends CopyNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  looks: Looks;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
}

/** Migrations on a copy: `dryRun`. */
export function dryRunProcedures(os: Implementer, needs: DryRunNeeds) {
  const { findEnvironment, looks, pool } = needs;
  return {
    dryRun: os.migrations.dryRun.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const report = yield* following<DryRunProgress, Report>(signal, (tell, until) =>
        refusing(async () => {
          const target = runTarget(
            await looks.track(environment, input.track, input.folders.map(checkedFolder)),
          );
          const sessions = pool(environment.id);
          return await dryRun(needs, {
            environment,
            query: <Row>(sql: string, values?: unknown[]) =>
              sessions.query<Record<string, unknown>>(sql, values) as Promise<Row[]>,
            target,
            action: ownAction(input.action),
            signal: until,
            tell,
          });
        }),
      );
      yield report;
    }),
  };
}

const ownAction = (action: RunAction | CommandAction): RunAction => {
  if (action.kind !== 'command') return action;
  throw fail('INVALID', {
    cause: 'not-driven',
    field: 'action',
    what: 'This tool is not run by its own command here.',
    why: 'Howdah runs its files itself, as the tool would.',
    next: 'Give an action such as up.',
  });
};

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof FileProblem)
      throw fail('INVALID', { ...error.explanation, field: 'action' });
    throw error;
  }
}
