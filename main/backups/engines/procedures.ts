import type { EngineDraft } from '../../../preload/contract/backup-engines.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { fail } from '../../lib/fail.ts';
import type { Implementer } from '../../rpc.ts';
import type { BackupRuns } from '../running.ts';
import { EngineRefusal, type Engines } from './engines.ts';
import { snapshotLink } from './snapshots.ts';
import { EngineFailure } from './types.ts';

export interface EngineProcedureNeeds {
  engines: Engines;
  runs: BackupRuns;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  environments(): readonly Environment[];
}

/** pgBackRest and Barman, and links to managed services' own backups. */
export function engineProcedures(
  os: Implementer,
  { engines, runs, findEnvironment, environments }: EngineProcedureNeeds,
) {
  const byId = <D extends EngineDraft>(draft: D): D => ({
    ...draft,
    environment: draft.environment === null ? null : findEnvironment(draft.environment).id,
  });
  const procedures = os.backups.engines;
  return {
    find: procedures.find.handler(({ input, signal }) => refusing(() => engines.find(input.where, signal))),
    add: procedures.add.handler(({ input, signal }) => refusing(() => engines.add(byId(input), signal))),
    change: procedures.change.handler(({ input: { id, ...draft }, signal }) =>
      refusing(() => engines.change(id, byId(draft), signal)),
    ),
    remove: procedures.remove.handler(({ input }) =>
      refusing(async () => {
        engines.remove(input.id);
        return engines.list();
      }),
    ),
    list: procedures.list.handler(async ({ input, signal }) => {
      const environment = input.environment === undefined ? undefined : findEnvironment(input.environment).id;
      return input.again ? await engines.readAll(environment, signal) : engines.list(environment);
    }),
    snapshots: procedures.snapshots.handler(() =>
      environments().flatMap((environment) => snapshotLink(environment) ?? []),
    ),
    backup: procedures.backup.handler(async function* ({ input, signal }) {
      const events = runs.follow(signal, (until, run) => engines.run(input.engine, input, until, run));
      try {
        yield* events;
      } catch (error) {
        throw refused(error);
      }
    }),
  };
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error);
  }
}

/** As an error of the contract. */
const refused = (error: unknown): unknown =>
  error instanceof EngineFailure
    ? fail('INVALID', { ...error.problem, field: error instanceof EngineRefusal ? error.field : 'where' })
    : error;
