import type { JobRun } from '../../../preload/contract/backup-jobs.ts';
import type { Clock } from '../../lib/clock.ts';
import { readTimes, type Times } from '../../lib/cron.ts';
import { type JobStore, type KeptJob, utc } from './job-store.ts';

export interface Scheduler {
  /** Looks what is due, now and from now on. */
  start(): void;
  /** After a job was changed. */
  look(): void;
  stop(): void;
}

export interface SchedulerNeeds {
  store: JobStore;
  clock: Clock;
  /** Begins a run; `said` goes to its history. */
  begin(job: KeptJob, by: 'schedule' | 'catch-up', said: string): void;
  missed(job: KeptJob, said: string): void;
}

/** The clock is looked at this often, ms: it may be set, and the machine may sleep. */
const beatMs = 20_000;

/** A time that passed so long ago, ms, was missed. */
const lateMs = 90_000;

/** Runs what is due while a console runs. However many times of a job have passed, it is run once. */
export function openScheduler({ store, clock, begin, missed }: SchedulerNeeds): Scheduler {
  let takeBack: (() => void) | undefined;
  let isStopped = true;

  const look = (): void => {
    if (isStopped) return;
    takeBack?.();
    const now = clock.now();
    let nextLook = now + beatMs;
    const failures: unknown[] = [];
    for (const job of store.all()) {
      try {
        const next = lookAt(job, now);
        if (next !== undefined && next < nextLook) nextLook = next;
      } catch (error) {
        // A full disk, for example: the other jobs have their turn, and this one is looked at again.
        failures.push(error);
      }
    }
    takeBack = clock.later(Math.max(1, nextLook - now), look);
    if (failures.length > 0) throw failures[0];
  };

  /** Gives the next time of a job. */
  const lookAt = (job: KeptJob, now: number): number | undefined => {
    const times = timesOf(job);
    if (!times) return undefined;
    // The clock was put back: what it once showed is no reason to wait for.
    const since = job.handledUntil > now + lateMs ? now : job.handledUntil;
    if (since !== job.handledUntil) store.handled(job.id, since);
    const [first] = times.after(since, 1);
    if (first !== undefined && first <= now) handle(job, times, first, now);
    return times.after(now, 1)[0];
  };

  const handle = (job: KeptJob, times: Times, first: number, now: number): void => {
    const last = times.upTo(now) ?? first;
    const tells = job.schedule?.missed === 'tell';
    // First of all, so that nothing makes it run twice.
    store.handled(job.id, last);
    const isLate = now - last > lateMs;
    const before = isLate ? last : times.upTo(last - 1);
    const hasMissed = isLate || (before !== undefined && before >= first);
    const span = before === undefined || before === first ? utc(first) : `${utc(first)} to ${utc(before)}`;
    if (hasMissed && tells) missed(job, `Due at ${span}, when no console ran or the machine slept.`);
    if (!isLate)
      begin(job, 'schedule', `Due at ${utc(last)}.${hasMissed && !tells ? ` It makes up for ${span}.` : ''}`);
    else if (!tells)
      begin(job, 'catch-up', `It makes up for ${span}, when no console ran or the machine slept.`);
  };

  /** A run that ended with Howdah is made up for once; one that was itself made up for is not tried over and over. */
  const resume = (): void => {
    for (const job of store.all()) {
      const times = timesOf(job);
      if (!times || job.schedule?.missed !== 'catch-up') continue;
      const [first] = times.after(job.handledUntil, 1);
      if (first !== undefined && first <= clock.now()) continue;
      const last = store.runs(job.id, 20).find(isRun);
      if (last?.outcome === 'lost' && last.by === 'schedule')
        begin(job, 'catch-up', `It makes up for the run of ${utc(last.startedAt)}, which was lost.`);
    }
  };

  return {
    start: () => {
      isStopped = false;
      resume();
      look();
    },
    look,
    stop: () => {
      isStopped = true;
      takeBack?.();
    },
  };
}

const isRun = ({ outcome }: JobRun): boolean => outcome !== 'overlapped' && outcome !== 'missed';

/** Of a job that Howdah itself is to run. */
function timesOf({ isOn, schedule }: KeptJob): Times | undefined {
  if (!isOn || schedule?.by !== 'howdah') return undefined;
  try {
    return readTimes(schedule);
  } catch {
    // It was right when it was taken: its zone is gone from the system's database, which the job's trouble says.
    return undefined;
  }
}

/** When Howdah runs it next; null when it does not. */
export function nextAt(job: KeptJob, now: number): number | null {
  return timesOf(job)?.after(Math.max(now, Math.min(job.handledUntil, now + lateMs)), 1)[0] ?? null;
}
