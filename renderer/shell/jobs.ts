import { useSyncExternalStore } from 'react';

/** Work that goes on whatever screen is in sight: a run of migrations, a tool's own command. */
export interface Job {
  id: string;
  /** Id of the environment that it works on. */
  environment: string;
  /** Who works, in a word or two: `golang-migrate`. */
  title: string;
  /** How far it is or what came of it, in a few words: `migration 2 of 5`. */
  detail: string;
  done: number;
  /** 0 when it is not known how much there is. */
  total: number;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Where it is seen, without the `#`. */
  address: string;
  /** Has it shown there. */
  show: () => void;
}

const jobs = new Map<string, Job>();
const listeners = new Set<() => void>();
let all: readonly Job[] = [];

/** Takes a job into the status strip, or what it has come to since; an ended one stays until it is dropped. */
export function tellJob(job: Job): void {
  const before = jobs.get(job.id);
  if (before && sameToSee(before, job)) return;
  jobs.set(job.id, job);
  tell();
}

/** Takes a job out of the status strip: somebody has seen what came of it. */
export function dropJob(id: string): void {
  if (jobs.delete(id)) tell();
}

/** What goes on, and what has ended since somebody looked. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(subscribe, () => all);
}

/** What needs a look first: failures, then what goes on, then the rest; each in the order of its beginning. */
export function inOrder<One extends Pick<Job, 'state'>>(these: readonly One[]): One[] {
  return these.toSorted((a, b) => ranks[a.state] - ranks[b.state]);
}

const ranks: Record<Job['state'], number> = { failed: 0, running: 1, cancelled: 2, done: 3 };

function sameToSee(a: Job, b: Job): boolean {
  return a.state === b.state && a.detail === b.detail && a.done === b.done && a.total === b.total;
}

function tell(): void {
  all = [...jobs.values()];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
