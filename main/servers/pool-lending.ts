import type pg from 'pg';
import { fail } from '../lib/fail.ts';

/** A session of a pool that somebody has to themselves. */
export interface LentSession {
  client: pg.Client;
  /** A pooler stands in between: nothing may be set for the session. */
  pooled: boolean;
}

export interface Lending {
  lend(signal?: AbortSignal): Promise<LentSession>;
  /** How long statements on lent sessions have been running that are not counted yet, ms. */
  runningMs(): number;
  /** Whoever still waits for a session gets none. */
  close(): void;
}

interface LendingNeeds {
  /** How many may be lent at once. */
  most: number;
  pooled: boolean;
  /** @throws NOT_CONNECTED */
  checkOut(): Promise<pg.PoolClient>;
  /** Wall time that statements have taken, ms. */
  onSpent(ms: number): void;
}

/** Lends a pool's sessions one by one: whoever asks for more than may be lent waits in line, however long. */
export function openLending({ most, pooled, checkOut, onSpent }: LendingNeeds): Lending {
  const line: (() => void)[] = [];
  const running = new Map<pg.Client, number>();
  let lent = 0;
  let closed = false;

  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    while (lent >= most && !closed) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal?.removeEventListener('abort', done);
          const at = line.indexOf(done);
          if (at >= 0) line.splice(at, 1);
          resolve();
        };
        line.push(done);
        signal?.addEventListener('abort', done);
      });
    }
    signal?.throwIfAborted();
    if (closed) throw closedMeanwhile();
    lent += 1;
  };
  const free = (): void => {
    lent -= 1;
    line[0]?.();
  };

  return {
    lend: async (signal) => {
      await turn(signal);
      let client: pg.PoolClient & pg.Client;
      try {
        client = (await checkOut()) as pg.PoolClient & pg.Client;
      } catch (error) {
        free();
        signal?.throwIfAborted();
        throw error;
      }
      // The pool listens to idle sessions only.
      client.on('error', () => undefined);
      const stopTiming = timeStatements(client, running, onSpent);
      client.once('end', () => {
        stopTiming();
        client.release(true);
        free();
      });
      if (signal?.aborted) {
        await client.end();
        signal.throwIfAborted();
      }
      return { client, pooled };
    },
    runningMs: () => {
      const now = performance.now();
      return [...running.values()].reduce((sum, from) => sum + now - from, 0);
    },
    close: () => {
      closed = true;
      for (const done of [...line]) done();
    },
  };
}

/** Notes from the first statement of a row until all have come back; a session that only waits costs nothing. */
function timeStatements(
  client: pg.Client,
  running: Map<pg.Client, number>,
  onSpent: (ms: number) => void,
): () => void {
  const query = client.query;
  const done = (): void => {
    const from = running.get(client);
    running.delete(client);
    if (from !== undefined) onSpent(performance.now() - from);
  };
  client.query = ((...given: unknown[]) => {
    if (!running.has(client)) running.set(client, performance.now());
    return Reflect.apply(query, client, given);
  }) as typeof client.query;
  client.on('drain', done);
  return done;
}

function closedMeanwhile(): Error {
  return fail('NOT_CONNECTED', {
    cause: 'disconnected',
    what: 'The environment was disconnected before a session was free.',
    why: 'All sessions that may be lent were in use until then.',
    next: 'Connect it and try again.',
  });
}
