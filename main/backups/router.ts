import { ORPCError } from '@orpc/server';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { type Clock, realClock } from '../lib/clock.ts';
import type { AuditTrail, Implementer } from '../rpc.ts';
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
import { jobProcedures, openJobs, reach } from './jobs/index.ts';
import { keyProcedures } from './key-procedures.ts';
import { openMaking } from './making.ts';
import { backupFolder, runProcedures } from './run-procedures.ts';
import { openBackupRuns } from './running.ts';
import { openSwaps, swapProcedures } from './swaps/index.ts';
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
  status(id: string): EnvironmentStatus;
  openScratch(options?: OpenScratchOptions): Promise<Scratch>;
  onEvent(id: string, kind: string, text: string): void;
  /** By which jobs are due; the machine's own unless given. */
  jobClock?: Clock | undefined;
  audit: AuditTrail;
  /** For the audit log. */
  face: string;
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
    const { id } = findEnvironment(ref);
    const ask = async (): Promise<number> =>
      (await pool(id).query<{ number: number }>(versionSql))[0]?.number ?? 0;
    try {
      return await ask();
    } catch (error) {
      // A swap ends Howdah's own sessions with all others: they come back by themselves, and soon.
      const isLost = error instanceof ORPCError && error.code === 'NOT_CONNECTED';
      if (!isLost || needs.status(id).state === 'disconnected') throw error;
      await reach(needs, id, { signal: AbortSignal.timeout(10_000), patienceMs: 2500 });
      return await ask();
    }
  };
  const shared = { ...needs, files, buckets, catalogue, programs, versionOf };
  const runs = openBackupRuns();
  const swaps = openSwaps(needs);
  const engines = openEngines(needs);
  const folder = backupFolder(needs.dataFolder);
  const clock = needs.jobClock ?? realClock;
  const jobs = openJobs({
    ...shared,
    runs,
    clock,
    making: openMaking({ ...shared, folder }),
    runEngine: (engine, order, signal) => engines.run(engine, order, signal),
  });
  return {
    router: os.backups.router({
      ...toolProcedures(os, shared),
      ...catalogueProcedures(os, shared),
      ...keyProcedures(os, shared),
      ...runProcedures(os, { ...shared, runs, swaps, folder }),
      ...swapProcedures(os, { ...shared, swaps }),
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
