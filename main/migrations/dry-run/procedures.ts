import type { Environment } from '../../../preload/contract/environments.ts';
import type { DryRunProgress } from '../../../preload/contract/migration-runs.ts';
import { fail } from '../../lib/fail.ts';
import { following } from '../../lib/following.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import type { Store } from '../../store/index.ts';
import { openKeptCommands } from '../drive/kept-commands.ts';
import { trackCommands } from '../drive/track-commands.ts';
import { checkedFolder, type Looks } from '../look.ts';
import { runTarget } from '../run/procedures.ts';
import { Refusal } from '../run/refusal.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';
import { dryRunCommand } from './command-run.ts';
import type { CopyNeeds } from './copy.ts';
import { dryRun, type Report } from './dry-run.ts';

export interface DryRunNeeds extends CopyNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  looks: Looks;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
}

/** Migrations on a copy: `dryRun`. */
export function dryRunProcedures(os: Implementer, needs: DryRunNeeds) {
  const { findEnvironment, looks, pool } = needs;
  const kept = openKeptCommands(needs.store);
  return {
    dryRun: os.migrations.dryRun.handler(async function* ({ input, signal }) {
      const environment = findEnvironment(input.environment);
      const report = yield* following<DryRunProgress, Report>(signal, (tell, until) =>
        refusing(async () => {
          const inside = await looks.track(environment, input.track, input.folders.map(checkedFolder));
          const sessions = pool(environment.id);
          const common = {
            environment,
            from: input.copy,
            query: <Row>(sql: string, values?: unknown[]) =>
              sessions.query<Record<string, unknown>>(sql, values) as Promise<Row[]>,
            signal: until,
            tell,
          };
          const { action } = input;
          if (action.kind !== 'command')
            return await dryRun(needs, { ...common, target: runTarget(inside), action });
          const commands = await trackCommands(inside, kept.of(environment.id, inside.track.key));
          return await dryRunCommand(needs, { ...common, inside, commands, action });
        }),
      );
      yield report;
    }),
  };
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof FileProblem)
      throw fail('INVALID', { ...error.explanation, field: 'action' });
    throw error;
  }
}
