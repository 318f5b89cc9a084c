import type { Environment } from '../../preload/contract/environments.ts';
import type { Implementer } from '../rpc.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { ServerPool } from '../servers/index.ts';
import type { Store } from '../store/index.ts';
import { openCatalogue } from './catalogue/index.ts';
import { catalogueProcedures } from './catalogue-procedures.ts';
import { openPrograms } from './choosing.ts';
import { openBackupFiles } from './files/index.ts';
import { backupFolder, runProcedures } from './run-procedures.ts';
import { openBackupRuns } from './running.ts';
import { toolProcedures } from './tool-procedures.ts';
import { restoreNewest } from './trials.ts';
import type { Reached } from './types.ts';
import versionSql from './version.sql?raw';

export interface BackupsNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  store: Store;
  secrets: Secrets;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Where an environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): Reached;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  onEvent(id: string, kind: string, text: string): void;
  dataFolder: string;
  /** Howdah's own. */
  version: string;
}

/** Dumps: programs, making, reading, verifying, restoring. */
export function backupsRoom(os: Implementer, needs: BackupsNeeds) {
  const { findEnvironment, pool } = needs;
  const files = openBackupFiles();
  const catalogue = openCatalogue(needs.store);
  const programs = openPrograms(catalogue);
  const versionOf = async (ref: string): Promise<number> => {
    const [row] = await pool(findEnvironment(ref).id).query<{ number: number }>(versionSql);
    return row?.number ?? 0;
  };
  const shared = { ...needs, files, catalogue, programs, versionOf };
  return {
    router: os.backups.router({
      ...toolProcedures(os, shared),
      ...catalogueProcedures(os, shared),
      ...runProcedures(os, { ...shared, runs: openBackupRuns(), folder: backupFolder(needs.dataFolder) }),
    }),
    restoreNewest: (
      environment: Environment,
      target: Scratch,
      options: { signal: AbortSignal; onStep(step: string): void },
    ) => restoreNewest(shared, environment, target, options),
    close: () => files.close(),
  };
}
