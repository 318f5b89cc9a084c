import { randomUUID } from 'node:crypto';
import { following } from '../lib/following.ts';

/** Runs under way, by environment, each by a name of its own: by that it can be cancelled and still be heard. */
export interface Runs {
  /** Gives what a piece of work tells as it comes, its name first. It is stopped when nobody wants more of it. */
  follow<E>(
    environment: string,
    signal: AbortSignal | undefined,
    work: (tell: (event: E) => void, signal: AbortSignal, run: string) => Promise<void>,
  ): AsyncGenerator<E | { kind: 'begun'; run: string }, void, void>;
  /** False: there is no such run any more. */
  cancel(environment: string, run: string): boolean;
  /** Stops all, and waits for their end. */
  close(): Promise<void>;
}

export function openRuns(): Runs {
  const running = new Map<string, { environment: string; stop: AbortController; over?: Promise<void> }>();
  return {
    follow: async function* (environment, signal, work) {
      const run = randomUUID();
      const stop = new AbortController();
      const held: { environment: string; stop: AbortController; over?: Promise<void> } = {
        environment,
        stop,
      };
      running.set(run, held);
      try {
        yield { kind: 'begun', run };
        const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
        yield* following(both, (tell: Parameters<typeof work>[0], until) => {
          const working = work(tell, until, run);
          held.over = working.catch(() => undefined);
          return working;
        });
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
    close: async () => {
      for (const { stop } of running.values()) stop.abort(new Error('Howdah is closing.'));
      await Promise.all([...running.values()].map(({ over }) => over));
    },
  };
}
