import { sleep } from '../lib/sleep.ts';
import type { ServerPool } from '../servers/index.ts';
import sizesSql from './sizes.sql?raw';

export interface DatabaseSizes {
  at: number;
  tookMs: number;
  sizes: { database: string; bytes: number | null }[];
}

export interface SizeBeat {
  /** When the next measurement is due, ms since 1970, and how long the last one took, ms. */
  state(): { nextAt: number | null; measuredMs: number | null };
  stop(): void;
}

const minute = 60_000;
const usualMs = 10 * minute;
const slowestMs = 6 * 60 * minute;

/**
 * Measures the sizes of all databases every ten minutes, less often where it takes long: measuring may take
 * a thousandth of the time. `lastAt` is the time of the last one known, so that a restart does not measure anew.
 */
export function startSizeBeat(
  pool: () => ServerPool | undefined,
  lastAt: number | undefined,
  onSizes: (sizes: DatabaseSizes) => void,
): SizeBeat {
  const stopping = new AbortController();
  let nextAt: number | null = Math.max(Date.now() + 3000, (lastAt ?? 0) + usualMs);
  let measuredMs: number | null = null;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(Math.max(0, (nextAt ?? 0) - Date.now()), stopping.signal);
      if (stopping.signal.aborted) return;
      const from = performance.now();
      try {
        const sizes = await pool()?.query<{ database: string; bytes: number | null }>(sizesSql);
        measuredMs = performance.now() - from;
        if (sizes && !stopping.signal.aborted) onSizes({ at: Date.now(), tookMs: measuredMs, sizes });
      } catch {
        // Too slow or the server away: the sizes keep their age on the screen, and the next beat tries again.
        measuredMs = performance.now() - from;
      }
      nextAt = Date.now() + Math.min(slowestMs, Math.max(usualMs, measuredMs * 1000));
    }
  };
  void run();
  return { state: () => ({ nextAt, measuredMs }), stop: () => stopping.abort() };
}
