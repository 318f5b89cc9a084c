import type { ActivitySample } from '../../preload/contract/activity.ts';
import { isClientSession } from '../sampler/index.ts';
import type { Active, Activities } from './sampled.ts';

/** What was seen of the active sessions of one environment within a minute. */
export interface Minute {
  /** Its start, ms since 1970. */
  at: number;
  coveredMs: number;
  hiddenMs: number;
  parts: (Active & { ms: number })[];
}

const minuteMs = 60_000;
/** A sample stands for at most so many intervals: what lay before is a gap, and not what the sample shows. */
const mostIntervals = 2;

/** Adds the live samples of one environment up to minutes. Each sample stands for the time since the one before. */
export class MinuteSum {
  #lastAt: number | undefined;
  #at = 0;
  #coveredMs = 0;
  #hiddenMs = 0;
  readonly #parts = new Map<string, Active & { ms: number }>();

  /** Takes up a sample; gives the minute that it ended, if it did. */
  add(sample: ActivitySample, activities: Activities): Minute | undefined {
    const ended = this.endBefore(sample.at);
    const passed = this.#lastAt === undefined ? 0 : sample.at - this.#lastAt;
    // A clock that was set back has told nothing about the time in between.
    const ms = Math.max(0, Math.min(passed, mostIntervals * sample.intervalMs));
    this.#lastAt = sample.at;
    if (ms === 0) return ended;
    if (this.#coveredMs === 0) this.#at = Math.floor(sample.at / minuteMs) * minuteMs;
    this.#coveredMs += ms;
    this.#hiddenMs +=
      ms * sample.backends.filter((one) => one.state === 'hidden' && isClientSession(one)).length;
    for (const active of activities.of(sample)) {
      const { of, wait, user, application, database, statement } = active;
      const key = JSON.stringify([of, wait, user, application, database, statement.key]);
      const known = this.#parts.get(key);
      if (known) known.ms += ms;
      else this.#parts.set(key, { ...active, ms });
    }
    return ended;
  }

  /** The minute under way as far as it is known; undefined before its first sample. */
  now(): Minute | undefined {
    if (this.#coveredMs === 0) return undefined;
    return {
      at: this.#at,
      coveredMs: this.#coveredMs,
      hiddenMs: this.#hiddenMs,
      parts: [...this.#parts.values()],
    };
  }

  /** Ends the minute under way, unless `at` still lies in it. */
  endBefore(at: number): Minute | undefined {
    if (this.#coveredMs === 0 || Math.floor(at / minuteMs) * minuteMs === this.#at) return undefined;
    return this.end();
  }

  end(): Minute | undefined {
    const minute = this.now();
    this.#coveredMs = 0;
    this.#hiddenMs = 0;
    this.#parts.clear();
    return minute;
  }
}
