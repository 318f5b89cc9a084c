import type { RetentionRun } from '../../../preload/contract/maintenance-retention.ts';
import type { Clock } from '../../lib/clock.ts';
import { readTimes, type Times } from '../../lib/cron.ts';
import type { KeptJob } from './job-store.ts';

/** The clock is looked at this often, ms: it may be set, and the machine may sleep. */
const beatMs = 20_000;

const timesOf = ({ schedule }: Pick<KeptJob, 'schedule'>): Times | undefined =>
  schedule ? readTimes(schedule) : undefined;

/** When a job is due next, ms since 1970; null without a schedule. */
export function nextAt(job: KeptJob, now: number): number | null {
  return timesOf(job)?.after(now, 1)[0] ?? null;
}

export interface RetentionClock {
  start(): void;
  stop(): void;
}

interface ClockNeeds {
  clock: Clock;
  jobs(): readonly KeptJob[];
  /** Its newest run by the clock. */
  lastBySchedule(job: KeptJob): RetentionRun | undefined;
  /** Begins a run. False: not now, it is asked again at the next look. */
  begin(job: KeptJob): boolean;
}

/**
 * Runs what is due while a console runs. However many times of a job have passed, it is run once; one whose environment
 * is not connected waits for that.
 */
export function openRetentionClock({ clock, jobs, lastBySchedule, begin }: ClockNeeds): RetentionClock {
  /** Up to when a job's times have been dealt with, where its history does not say. */
  const handled = new Map<string, number>();
  let takeBack: (() => void) | undefined;
  let isStopped = true;

  const look = (): void => {
    if (isStopped) return;
    const now = clock.now();
    let next = now + beatMs;
    for (const job of jobs()) {
      const times = timesOf(job);
      if (!times) continue;
      const since = Math.max(job.savedAt, lastBySchedule(job)?.startedAt ?? 0, handled.get(job.id) ?? 0);
      // The clock was put back: what it once showed is no reason to wait for.
      const [due] = times.after(Math.min(since, now), 1);
      if (due !== undefined && due <= now && begin(job)) handled.set(job.id, now);
      const [coming] = times.after(now, 1);
      if (coming !== undefined) next = Math.min(next, coming);
    }
    takeBack = clock.later(Math.max(1, next - now), look);
  };

  return {
    start: () => {
      isStopped = false;
      look();
    },
    stop: () => {
      isStopped = true;
      takeBack?.();
    },
  };
}
