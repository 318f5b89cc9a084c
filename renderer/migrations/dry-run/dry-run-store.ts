import type { DryRunProgress } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';
import { nothingPrinted } from '../drive/printed.ts';
import { begun } from '../run/run-job.ts';
import { workBegun } from '../run/work.ts';
import { workKeys } from '../run/work-keys.ts';
import { useWork, WorkStore } from '../run/work-store.ts';
import { afterDryRun, type DryRun, dryRunDetail } from './dry-run-job.ts';

const dryRuns = new WorkStore<DryRun>();

/** The dry run of a track that is under way, or the last one until somebody puts it away. */
export const useDryRun = (environment: string, track: MigrationTrack): DryRun | undefined =>
  useWork(dryRuns, ...workKeys(environment, track));

/** Begins a dry run, unless one of this track is under way. What it is refused for stands in the answer's place. */
export async function startDryRun(
  environment: string,
  track: MigrationTrack,
  action: DryRun['action'],
  copy: DryRun['copy'] = 'structure',
): Promise<void> {
  const [key, ...others] = workKeys(environment, track);
  if ([key, ...others].some((one) => dryRuns.get(one)?.phase === 'running')) return;
  await dryRuns.start<DryRunProgress>({
    others,
    environment,
    shown: { kind: 'dry-run', key },
    first: {
      ...workBegun(key),
      action,
      copy,
      step: undefined,
      run: begun,
      printed: nothingPrinted,
      report: undefined,
    },
    open: async (signal) => {
      try {
        return await client.migrations.dryRun({ environment, track: track.key, action, copy }, { signal });
      } catch (error) {
        return failing(error);
      }
    },
    after: afterDryRun,
    job: (dryRun) => ({ title: `${track.title}, dry run`, ...dryRunDetail(dryRun) }),
  });
}

/** Gives up; the copy is removed. */
export const cancelDryRun = ({ key }: Pick<DryRun, 'key'>): void => dryRuns.stop(key);

export const putDryRunAway = ({ key }: Pick<DryRun, 'key'>): void => dryRuns.putAway(key);

// biome-ignore lint/correctness/useYield: it has nothing to tell but what it fails with.
async function* failing(error: unknown): AsyncGenerator<DryRunProgress, void, void> {
  throw error;
}
