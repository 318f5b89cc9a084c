import { sleep } from '../lib/sleep.ts';

/** Something that is measured again and again, in the background, at one server. */
export interface Beat {
  /** When the next measurement is due, ms since 1970; null once stopped. How long the last one took, ms. */
  state(): { nextAt: number | null; measuredMs: number | null };
  /** Measures at once, or as soon as the one under way has ended. */
  hurry(): void;
  stop(): void;
}

export interface BeatOptions {
  /** Usual time between two measurements, ms. */
  everyMs: number;
  /** Longest time between two, ms, however long one takes. */
  slowestMs: number;
  /** Most of the time that measuring may take: 0.001 is a thousandth. */
  share: number;
  /** When the last one known was taken, ms since 1970, so that a restart does not measure anew. */
  lastAt?: number | undefined;
  /** Rest before the very first one, ms. */
  firstMs?: number;
  /** Takes one. What it throws is kept to itself: what is shown keeps its age, and the next beat tries again. */
  measure(signal: AbortSignal): Promise<void>;
}

/** Measures every so often, one at a time, and less often where it takes long. */
export function startBeat(options: BeatOptions): Beat {
  const { everyMs, slowestMs, share, lastAt, firstMs = 3000, measure } = options;
  const stopping = new AbortController();
  let nap = new AbortController();
  let nextAt: number | null = Math.max(Date.now() + firstMs, (lastAt ?? 0) + everyMs);
  let measuredMs: number | null = null;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      nap = new AbortController();
      await sleep(Math.max(0, (nextAt ?? 0) - Date.now()), AbortSignal.any([nap.signal, stopping.signal]));
      if (stopping.signal.aborted) break;
      const from = performance.now();
      await measure(stopping.signal).catch(() => undefined);
      measuredMs = performance.now() - from;
      nextAt = Date.now() + Math.min(slowestMs, Math.max(everyMs, measuredMs / share));
    }
    nextAt = null;
  };
  void run();
  return {
    state: () => ({ nextAt, measuredMs }),
    hurry: () => {
      nextAt = Date.now();
      nap.abort();
    },
    stop: () => stopping.abort(),
  };
}
