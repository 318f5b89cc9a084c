import type { RetentionProgress } from '../../../preload/contract/maintenance-retention.ts';
import { sleep } from '../../lib/sleep.ts';
import type { ServerPool } from '../../servers/index.ts';
import { sqlstateOf } from '../session.ts';

/** What a run is given to do its work with. */
export interface Work {
  pool: ServerPool;
  /** Longest wait for a lock, ms. */
  lockTimeoutMs: number;
  retries: number;
  /** Given between two acts: what is under way comes to its end. */
  signal: AbortSignal;
  tell(event: RetentionProgress): void;
  /** Noted at once, so that it is known of a run that gets lost. */
  note(done: Partial<Pick<Came, 'rows' | 'dropped'>>): void;
}

/** What came of it. */
export interface Came {
  outcome: 'done' | 'failed' | 'stopped';
  said: string;
  rows: number | null;
  dropped: string[];
}

const longestPauseMs = 5000;

/**
 * Tries again what did not get its lock, or lost a deadlock, after a growing pause; the signal ends the trying.
 *
 * @throws what was thrown last
 */
export async function withRetries<T>(
  { retries, signal, tell }: Pick<Work, 'retries' | 'signal' | 'tell'>,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!['55P03', '40P01'].includes(sqlstateOf(error) ?? '')) throw error;
      if (tried > retries || signal.aborted) throw error;
      tell({
        kind: 'log',
        text: `${what} is locked by somebody: try ${tried} of ${retries + 1} was in vain.`,
      });
      await sleep(Math.min(longestPauseMs, 250 * 2 ** tried), signal);
    }
  }
}
