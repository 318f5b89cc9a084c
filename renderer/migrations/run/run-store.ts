import { useCallback, useSyncExternalStore } from 'react';
import type { RunPlan } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { afterProgress, begun, type RunOptions, type RunState, takesBack } from './run-job.ts';

export interface Run extends RunState {
  plan: RunPlan;
  options: RunOptions;
  /** ms of this window's clock. */
  startedAt: number;
}

interface Held {
  run: Run;
  stop: AbortController;
}

/*
 * Runs live here and not in the screen: who goes to another tab must not end a migration by it. The server ends a run
 * whose listener is gone.
 */
const runs = new Map<string, Held>();
const listeners = new Set<() => void>();

export const runKey = (environment: string, track: string): string => `${environment}\n${track}`;

/** The run of a track that is under way, or the last one until somebody puts it away. */
export function useRun(key: string): Run | undefined {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => runs.get(key)?.run, [key]),
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(key: string, held: Held, changes: Partial<Run>): void {
  if (runs.get(key) !== held) return;
  held.run = { ...held.run, ...changes };
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** ms after which the state is looked at once more. */
const afterCancel = 1500;

interface StartOptions {
  environment: string;
  track: string;
  plan: RunPlan;
  options: RunOptions;
  /** The environment's name as typed, where it is guarded. */
  confirm: string | undefined;
  /** It has come to its end, however. */
  onEnd: () => void;
}

/**
 * Starts what was seen in the plan. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startRun(start: StartOptions): Promise<void> {
  const { environment, track, plan, options, confirm, onEnd } = start;
  const key = runKey(environment, track);
  const stop = new AbortController();
  const input = {
    environment,
    track,
    ...options,
    token: plan.token,
    ...(confirm === undefined ? {} : { confirm }),
  };
  const act = takesBack(plan) ? client.migrations.revert : client.migrations.apply;
  const events = await act(input, { signal: stop.signal });
  const held: Held = { run: { ...begun, plan, options, startedAt: Date.now() }, stop };
  runs.set(key, held);
  tell();
  void (async () => {
    try {
      for await (const progress of events) set(key, held, afterProgress(held.run, progress));
      set(key, held, { phase: 'ended' });
    } catch (error) {
      const isOwn = held.run.isCancelled && stop.signal.aborted;
      set(key, held, { phase: 'ended', ...(isOwn ? {} : { problem: explain(error) }) });
    } finally {
      onEnd();
      // A cancelled run is told no end: the server may still be undoing what had begun.
      if (held.run.isCancelled) setTimeout(onEnd, afterCancel);
    }
  })();
}

/** Asks for the end of a run; what had begun is undone as far as its tool would. */
export function cancelRun(key: string): void {
  const held = runs.get(key);
  if (held?.run.phase !== 'running') return;
  set(key, held, { isCancelled: true });
  held.stop.abort();
}

/** Forgets an ended run. */
export function putAway(key: string): void {
  if (runs.get(key)?.run.phase !== 'ended') return;
  runs.delete(key);
  tell();
}
