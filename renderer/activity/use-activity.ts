import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ActivitySample, Backend } from '../../preload/contract/activity.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import { client } from '../lib/client.ts';
import { useLive } from '../lib/use-live.ts';
import { shareUnchanged } from './share.ts';

export interface ShownSample {
  sample: ActivitySample;
  /** Of the sample, with unchanged ones taken over from the one before. */
  backends: readonly Backend[];
  /** This window's clock when the sample came, ms. */
  received: number;
}

export interface ActivityFeed {
  /** What is to be shown: the newest sample, or the one at which the view was paused. */
  shown: ShownSample | undefined;
  problem: Explanation | undefined;
  /** This window's clock when the view was paused; null while it is live. */
  pausedAt: number | null;
  setPaused: (paused: boolean) => void;
}

/** Follows the live sample of an environment. Data keep coming while the view is paused. */
export function useActivity(environment: string): ActivityFeed {
  const { value: latestValue, problem } = useLive(`activity:${environment}`, (options) =>
    client.activity.watch({ environment }, options),
  );
  // Drawn in slices between which keys and the pointer are answered.
  const value = useDeferredValue(latestValue);
  const before = useRef<readonly Backend[]>([]);
  const newest = useMemo<ShownSample | undefined>(() => {
    if (!value) return undefined;
    before.current = shareUnchanged(before.current, value.backends);
    return { sample: value, backends: before.current, received: Date.now() };
  }, [value]);

  const [paused, setPausedState] = useState<{ at: number; sample: ShownSample } | null>(null);
  const latest = useRef(newest);
  latest.current = newest;
  const setPaused = useCallback((wanted: boolean): void => {
    setPausedState(wanted && latest.current ? { at: Date.now(), sample: latest.current } : null);
  }, []);

  return { shown: paused?.sample ?? newest, problem, pausedAt: paused?.at ?? null, setPaused };
}
