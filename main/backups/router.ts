import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type { Implementer } from '../rpc.ts';
import type { OpenScratchOptions, Scratch } from '../scratch/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { ServerPool } from '../servers/index.ts';
import type { Store } from '../store/index.ts';
import { bucketProcedures, openBuckets, openThere } from './buckets/index.ts';
import { openCatalogue } from './catalogue/index.ts';
import { catalogueProcedures } from './catalogue-procedures.ts';
import { openPrograms } from './choosing.ts';
import { engineProcedures, openEngines } from './engines/index.ts';
import { openBackupFiles } from './files/index.ts';
import { type Clock, jobProcedures, openJobs, realClock } from './jobs/index.ts';
import { keyProcedures } from './key-procedures.ts';
import { openMaking } from './making.ts';
import { backupFolder, runProcedures } from './run-procedures.ts';
import { openBackupRuns } from './running.ts';
import { toolProcedures } from './tool-procedures.ts';
import { restoreNewest } from './trials.ts';
import type { Reached } from './types.ts';
import versionSql from './version.sql?raw';

export interface BackupsNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** All that are saved. */
  environments(): readonly Environment[];
  store: Store;
  secrets: Secrets;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Where an environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): Reached;
  /** Connects an environment, where it is not, and comes back with the first outcome. */
  connect(id: string): Promise<EnvironmentStatus>;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  onEvent(id: string, kind: string, text: string): void;
  /** By which jobs are due; the machine's own unless given. */
  jobClock?: Clock | undefined;
  dataFolder: string;
  /** Howdah's own. */
  version: string;
}

/** Dumps: programs, making, reading, verifying, restoring. */
export function backupsRoom(os: Implementer, needs: BackupsNeeds) {
  const { findEnvironment, pool } = needs;
  const files = openBackupFiles();
  const buckets = openBuckets(needs);
  const catalogue = openCatalogue(needs.store, openThere(buckets));
  const programs = openPrograms(catalogue);
  const versionOf = async (ref: string): Promise<number> => {
    const [row] = await pool(findEnvironment(ref).id).query<{ number: number }>(versionSql);
    return row?.number ?? 0;
  };
  const shared = { ...needs, files, buckets, catalogue, programs, versionOf };
  const runs = openBackupRuns();
  const engines = openEngines(needs);
  const folder = backupFolder(needs.dataFolder);
  const clock = needs.jobClock ?? realClock;
  const jobs = openJobs({
    ...shared,
    runs,
    clock,
    making: openMaking({ ...shared, folder }),
    runEngine: (engine, type, signal) => engines.run(engine, type, signal),
  });
  return {
    router: os.backups.router({
      ...toolProcedures(os, shared),
      ...catalogueProcedures(os, shared),
      ...keyProcedures(os, shared),
      ...runProcedures(os, { ...shared, runs, folder }),
      places: bucketProcedures(os, shared),
      engines: engineProcedures(os, { ...shared, engines, runs }),
      jobs: jobProcedures(os, jobs, { dataFolder: needs.dataFolder, clock }),
    }),
    restoreNewest: (
      environment: Environment,
      target: Scratch,
      options: { signal: AbortSignal; onStep(step: string): void },
    ) => restoreNewest(shared, environment, target, options),
    /** From now on jobs are run when they are due. */
    startJobs: jobs.start,
    close: async () => {
      await jobs.close();
      await files.close();
      await buckets.close();
    },
  };
}
