import { sleep } from '../../lib/sleep.ts';
import { sqlstateOf, UnitFailure } from './session.ts';

export interface RetryOptions {
  /** Whether a failure leaves nothing of the work: only then it may be done again. */
  undone: boolean;
  retries: number;
  signal: AbortSignal;
  /** Told before the pause. */
  onRetry(error: unknown): void;
}

/** Before another try: somebody else may get the lock meanwhile. Doubled each time, and never the same. ms. */
const pauseMs = { first: 250, most: 8000 };

/**
 * Does a piece of work again when it waited for a lock for as long as it may (SQLSTATE 55P03): others got through
 * meanwhile, and it may get it now.
 *
 * @throws what the last try threw
 */
export async function withRetries(
  { undone, retries, signal, onRetry }: RetryOptions,
  work: () => Promise<void>,
): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (sqlstateOf(innerOf(error)) !== '55P03' || !undone || tried >= retries || signal.aborted)
        throw error;
      onRetry(error);
      const pause = Math.min(pauseMs.first * 2 ** tried, pauseMs.most);
      await sleep(pause * (0.5 + Math.random()), signal);
      if (signal.aborted) throw error;
    }
  }
}

/** The server's own error, without where in a file it came up. */
export const innerOf = (error: unknown): unknown => (error instanceof UnitFailure ? error.cause : error);
