import { randomUUID } from 'node:crypto';

/** Backups, verifications and restores under way, by name: by that they can be cancelled and still be heard. */
export interface BackupRuns {
  /**
   * Gives what a piece of work tells as it comes. Its name is that of its event `begun`, or one that it is given. The
   * work ends when it is cancelled, when the signal is given, and when nobody listens any more.
   */
  follow<E extends { kind: string }>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal, run: string) => AsyncGenerator<E, void, void>,
  ): AsyncGenerator<E, void, void>;
  /** False: there is no such run any more. */
  cancel(run: string): boolean;
}

export function openBackupRuns(): BackupRuns {
  const running = new Map<string, AbortController>();
  return {
    follow: async function* (signal, work) {
      const stop = new AbortController();
      const names: string[] = [randomUUID()];
      running.set(names[0] as string, stop);
      try {
        const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
        for await (const event of work(both, names[0] as string)) {
          const { kind, run } = event as { kind: string; run?: string };
          if (kind === 'begun' && run !== undefined) {
            names.push(run);
            running.set(run, stop);
          }
          yield event;
        }
      } finally {
        for (const name of names) running.delete(name);
      }
    },
    cancel: (run) => {
      const stop = running.get(run);
      stop?.abort(new Error('Cancelled.'));
      return stop !== undefined;
    },
  };
}
