import { ORPCError } from '@orpc/server';
import type { Advised, Adviser } from '../../preload/contract/advice.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { explanationIn } from '../../preload/contract/error-data.ts';
import type { RoomLook } from '../../preload/contract/health.ts';
import { roomWords } from '../../preload/contract/health-words.ts';
import { serverWords } from '../servers/index.ts';

export type Advise = (environment: Environment, signal?: AbortSignal) => Promise<Advised>;

/** What came of looking into one room. */
export interface Looked {
  room: Adviser;
  state: Extract<RoomLook['state'], 'done' | 'failed'>;
  tookMs: number;
  advised: Advised;
}

class Patience extends Error {}

/**
 * Has one room look, for so long at most. One that fails, or does not come back, is told as a limit.
 *
 * @throws the signal's reason
 */
export async function lookInto(
  room: Adviser,
  advise: Advise,
  environment: Environment,
  { signal, patienceMs }: { signal: AbortSignal; patienceMs: number },
): Promise<Looked> {
  const from = performance.now();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const timer = setTimeout(() => stop.abort(new Patience()), patienceMs);
  try {
    const advised = await Promise.race([advise(environment, either), rejection(either)]);
    return { room, state: 'done', tookMs: performance.now() - from, advised };
  } catch (error) {
    signal.throwIfAborted();
    const limit = stop.signal.aborted ? timedOut(room, patienceMs) : failed(room, error);
    return {
      room,
      state: 'failed',
      tookMs: performance.now() - from,
      advised: { advice: [], limits: [limit] },
    };
  } finally {
    clearTimeout(timer);
    // Whoever lost the race shall not go on.
    stop.abort();
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function timedOut(room: Adviser, patienceMs: number): Explanation {
  return {
    cause: 'room-timed-out',
    what: `${roomWords[room].title}: could not be looked at.`,
    why: `The answer had not come after ${Math.round(patienceMs / 1000)} s.`,
    next: 'Run the report again when the server has less to do.',
  };
}

function failed(room: Adviser, error: unknown): Explanation {
  const known = error instanceof ORPCError ? explanationIn(error.data) : undefined;
  const server = known?.server ?? serverWords(error);
  return {
    cause: 'room-failed',
    what: `${roomWords[room].title}: could not be looked at.`,
    why: known
      ? [known.what, known.why].filter(Boolean).join(' ')
      : error instanceof Error
        ? error.message
        : String(error),
    next: known?.next ?? 'Run the report again; if it stays, report the message.',
    ...(server ? { server } : {}),
  };
}
