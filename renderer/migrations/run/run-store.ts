import type { RunPlan, RunProgress } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';
import { endByName } from './end-by-name.ts';
import { afterProgress, begun, type RunOptions, type RunState, takesBack } from './run-job.ts';
import { runDetail } from './run-words.ts';
import { type Work, workBegun } from './work.ts';
import { workKeys } from './work-keys.ts';
import { useWork, WorkStore } from './work-store.ts';

export interface Run extends RunState, Work {
  plan: RunPlan;
  options: RunOptions;
}

const runs = new WorkStore<Run>();

/** The run of a track that is under way, or the last one until somebody puts it away. */
export const useRun = (environment: string, track: MigrationTrack): Run | undefined =>
  useWork(runs, ...workKeys(environment, track));

interface StartOptions {
  environment: string;
  track: MigrationTrack;
  plan: RunPlan;
  options: RunOptions;
  /** The environment's name as typed, where it is guarded. */
  confirm: string | undefined;
}

/**
 * Starts what was seen in the plan. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startRun({ environment, track, plan, options, confirm }: StartOptions): Promise<void> {
  const input = {
    environment,
    track: track.key,
    ...options,
    token: plan.token,
    ...(confirm === undefined ? {} : { confirm }),
  };
  const [key, ...others] = workKeys(environment, track);
  const act = takesBack(plan) ? client.migrations.revert : client.migrations.apply;
  await runs.start<RunProgress>({
    others,
    environment,
    shown: { kind: 'run', key },
    first: { ...begun, ...workBegun(key), plan, options },
    open: (signal) => act(input, { signal }),
    after: afterProgress,
    job: (run) => ({ title: track.title, ...runDetail(run, 'migration') }),
  });
}

/** Asks for the end of a run; it still tells what state it leaves. */
export const cancelRun = (environment: string, { key }: Pick<Run, 'key'>): void =>
  endByName(runs, environment, key);

/** Forgets an ended run. */
export const putAway = ({ key }: Pick<Run, 'key'>): void => runs.putAway(key);
