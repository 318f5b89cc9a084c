import { randomUUID } from 'node:crypto';
import type { RunProgress } from '../../preload/contract/migration-runs.ts';
import { following } from '../lib/following.ts';

/** Runs under way, by environment, each by a name of its own: by that it can be cancelled and still be heard. */
export interface Running {
  /**
   * Does a piece of work and gives what it tells as it comes, its name first. It is stopped, and its end waited for,
   * when it is cancelled, when the signal is given, and when nobody wants more of it.
   */
  follow(
    environment: string,
    signal: AbortSignal | undefined,
    work: (tell: (progress: RunProgress) => void, signal: AbortSignal) => Promise<void>,
  ): AsyncGenerator<RunProgress, void, void>;
  /** False: there is no such run any more. */
  cancel(environment: string, run: string): boolean;
}

export function openRunning(): Running {
  const running = new Map<string, { environment: string; stop: AbortController }>();
  return {
    follow: async function* (environment, signal, work) {
      const run = randomUUID();
      const stop = new AbortController();
      running.set(run, { environment, stop });
      try {
        yield { kind: 'begun', run };
        yield* following(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal, work);
      } finally {
        running.delete(run);
      }
    },
    cancel: (environment, run) => {
      const found = running.get(run);
      if (found?.environment !== environment) return false;
      found.stop.abort(new Error('Cancelled.'));
      return true;
    },
  };
}
