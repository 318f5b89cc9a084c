import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { client } from '../../lib/client.ts';
import { endByName } from '../run/end-by-name.ts';
import { afterProgress, begun, type RunState } from '../run/run-job.ts';
import { runDetail } from '../run/run-words.ts';
import { type Work, workBegun } from '../run/work.ts';
import { useWork, WorkStore } from '../run/work-store.ts';

/** Files of seeds that run, or ran. */
export interface SeedRun extends RunState, Work {
  folder: string;
  files: readonly string[];
}

const seedRuns = new WorkStore<SeedRun>();

/** The seeds of an environment that run, or the last that did until somebody puts them away. */
export const useSeedRun = (environment: string): SeedRun | undefined => useWork(seedRuns, environment);

interface StartOptions {
  environment: string;
  folder: string;
  files: string[];
  confirm: string | undefined;
}

/**
 * Runs files of seeds in their order. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startSeeds({ environment, folder, files, confirm }: StartOptions): Promise<void> {
  const input = { environment, folder, files, ...(confirm === undefined ? {} : { confirm }) };
  await seedRuns.start<RunProgress>({
    environment,
    shown: { kind: 'seeds' },
    first: { ...begun, ...workBegun(environment), folder, files },
    open: (signal) => client.migrations.runSeeds(input, { signal }),
    after: afterProgress,
    job: (run) => ({ title: 'Seeds', ...runDetail(run, 'file') }),
  });
}

/** Asks for the end of seeds under way; what runs still tells what it leaves. */
export const cancelSeeds = (environment: string): void => endByName(seedRuns, environment, environment);

export const putSeedsAway = (environment: string): void => seedRuns.putAway(environment);
