import { useCallback, useSyncExternalStore } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { MaintenanceProgress } from '../../preload/contract/maintenance.ts';
import type { RetentionProgress } from '../../preload/contract/maintenance-retention.ts';
import { percent } from '../components/format.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { roomAddress } from '../shell/address.ts';
import { dropJob, type Job, tellJob } from '../shell/jobs.ts';

type Told<Kind, Event> = Extract<Event, { kind: Kind }>;
type Any = MaintenanceProgress | RetentionProgress;

/** A run of maintenance or retention that was begun in this window. */
export interface Underway {
  key: string;
  environment: string;
  /** What is done, in a few words: `VACUUM 3 tables`. */
  title: string;
  phase: 'running' | 'ended';
  /** By which the console can end it, once it is known. */
  run: string | undefined;
  isCancelled: boolean;
  problem: Explanation | undefined;
  /** ms of this window's clock. */
  startedAt: number;
  step: Told<'step', MaintenanceProgress> | undefined;
  operation: Told<'progress', MaintenanceProgress>['operation'] | undefined;
  results: readonly Told<'result', MaintenanceProgress>['result'][];
  ended: Told<'ended', MaintenanceProgress> | undefined;
  progress: Told<'progress', RetentionProgress> | undefined;
  job: Told<'ended', RetentionProgress>['run'] | undefined;
  /** What the server says, newest last; only the end is kept. */
  log: readonly string[];
}

interface Start {
  key: string;
  environment: string;
  title: string;
  /** The view of the storage room in which it is seen. */
  view: 'vacuum' | 'retention';
  open: (signal: AbortSignal) => Promise<AsyncIterable<Any>>;
  onEnd?: () => void;
}

const held = new Map<string, { state: Underway; stop: AbortController; view: Start['view'] }>();
const listeners = new Set<() => void>();
const mostLines = 2000;

/** Of one environment there is one act of maintenance at a time in this window. */
export const actKey = (environment: string): string => `act ${environment}`;
export const jobKey = (job: string): string => `retention ${job}`;

/**
 * Begins, and resolves once the console has taken it. It goes on whatever screen is in sight.
 * @throws what the console refuses it for
 */
export async function startUnderway({ key, environment, title, view, open, onEnd }: Start): Promise<void> {
  const stop = new AbortController();
  const events = await open(stop.signal);
  // What is refused is refused before anything is told: that belongs to the question, not to a run.
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  const state: Underway = {
    key,
    environment,
    title,
    phase: 'running',
    run: undefined,
    isCancelled: false,
    problem: undefined,
    startedAt: Date.now(),
    step: undefined,
    operation: undefined,
    results: [],
    ended: undefined,
    progress: undefined,
    job: undefined,
    log: [],
  };
  held.set(key, { state, stop, view });
  const follow = async (): Promise<void> => {
    try {
      for (let next = first; !next.done; next = await iterator.next()) set(key, after(now(key), next.value));
      set(key, { ...now(key), phase: 'ended' });
    } catch (error) {
      set(key, { ...now(key), phase: 'ended', problem: explain(error) });
    }
    onEnd?.();
  };
  void follow();

  function now(of: string): Underway {
    return held.get(of)?.state ?? state;
  }
}

function after(before: Underway, event: Any): Underway {
  switch (event.kind) {
    case 'begun':
      return { ...before, run: event.run };
    case 'step':
      return { ...before, step: event, operation: undefined };
    case 'log':
      return { ...before, log: [...before.log.slice(1 - mostLines), event.text] };
    case 'result':
      return { ...before, results: [...before.results, event.result] };
    case 'progress':
      return 'operation' in event
        ? { ...before, operation: event.operation }
        : { ...before, progress: event };
    case 'ended':
      return 'run' in event ? { ...before, job: event.run } : { ...before, ended: event };
  }
}

/** How far it is; `total` 0: nobody knows. */
export function shareOf({ operation, progress, step }: Underway): { done: number; total: number } {
  if (progress) return { done: progress.done, total: progress.total ?? 0 };
  if (operation?.total && operation.done !== null) return { done: operation.done, total: operation.total };
  return { done: (step?.step ?? 1) - 1, total: step && step.of > 1 ? step.of : 0 };
}

function set(key: string, state: Underway): void {
  const one = held.get(key);
  if (!one) return;
  one.state = state;
  tellJob(stripJob(state, one.view));
  for (const listener of listeners) listener();
}

function stripJob(state: Underway, view: Start['view']): Job {
  const { done, total } = shareOf(state);
  const { key, environment, title, phase, isCancelled, problem, step } = state;
  const outcome = problem === undefined ? 'done' : isCancelled ? 'cancelled' : 'failed';
  const far = step && step.of > 1 ? `${step.step} of ${step.of}` : total > 0 ? percent(done / total) : 'runs';
  return {
    id: `maintenance ${key}`,
    environment,
    title,
    detail: phase === 'running' ? (isCancelled ? 'cancelling' : far) : outcome,
    done,
    total,
    state: phase === 'running' ? 'running' : outcome,
    address: `${roomAddress(environment, 'storage')}/${view}`,
    show: () => undefined,
  };
}

/** Asks for its end; what it leaves is still heard. */
export function cancelUnderway(key: string): void {
  const one = held.get(key);
  if (one?.state.phase !== 'running' || one.state.run === undefined) return;
  const { environment, run } = one.state;
  set(key, { ...one.state, isCancelled: true });
  void client.maintenance.cancel({ environment, run }).catch(() => one.stop.abort());
}

/** Forgets one that has ended. */
export function putUnderwayAway(key: string): void {
  if (held.get(key)?.state.phase !== 'ended') return;
  held.delete(key);
  dropJob(`maintenance ${key}`);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The run of a key that is under way, or the last one until somebody puts it away. */
export function useUnderway(key: string): Underway | undefined {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => held.get(key)?.state, [key]),
  );
}
