import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { History, Window } from '../../preload/contract/metrics.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { useLive } from '../lib/use-live.ts';
import { append, firstMeasured, type GrowingHistory, growing, type LivePoint } from './live-history.ts';

export type Span = readonly [from: number, to: number];

export interface ShownHistory {
  history: History | undefined;
  /** Whether what is shown is still of another window than the one asked for. */
  stale: boolean;
  problem: Explanation | undefined;
  /** The newest live sample since `epoch` began. */
  live: LivePoint | undefined;
}

/** ms between two askings of the store; the live points lie in between. */
const refetchMs = 60_000;

/**
 * The history of a window or of a span within it. The last hour goes on growing with each live sample; the
 * others are asked for again each minute. `epoch` changes when there is reason to ask anew at once.
 */
export function useHistory(
  environment: string,
  window: Window,
  span: Span | null,
  epoch: string,
): ShownHistory {
  const query = useQuery({
    queryKey: ['metrics', environment, 'history', window, span, epoch],
    queryFn: () =>
      client.metrics.history({ environment, window, ...(span ? { from: span[0], to: span[1] } : {}) }),
    placeholderData: (before, from) => (from?.queryKey[1] === environment ? before : undefined),
    refetchInterval: span ? false : refetchMs,
    staleTime: span ? Number.POSITIVE_INFINITY : 0,
  });
  const live = useLive(`metrics:${environment}:${epoch}`, (options) =>
    client.metrics.watch({ environment }, options),
  );
  const grows = window === '1h' && span === null && !query.isPlaceholderData;
  const grown = useGrowing(query.data, grows ? live.value : undefined);
  return {
    history: grows ? grown : query.data,
    stale: query.isPlaceholderData,
    problem: query.isError ? explain(query.error) : undefined,
    live: live.value,
  };
}

/** A base that is renewed now and then, with the live points that came since. */
function useGrowing(base: History | undefined, point: LivePoint | undefined): History | undefined {
  const [grown, setGrown] = useState<GrowingHistory | undefined>();
  const basis = useRef<History | undefined>(undefined);
  const last = useRef<LivePoint | undefined>(undefined);
  useEffect(() => {
    if (!base) return;
    const renewed = basis.current !== base;
    if (!renewed && last.current === point) return;
    basis.current = base;
    last.current = point;
    setGrown((before) => {
      const start = renewed || !before ? growing(base) : before;
      return point && point.at > base.to ? append(start, point) : start;
    });
  }, [base, point]);
  // The base itself until the effect has run, so that the first picture waits for nothing.
  return useMemo(() => (basis.current === base ? (grown ?? base) : base), [grown, base]);
}

/** How exactly the beginning of measuring is told, ms. */
const exactEnough = 60_000;

/**
 * When measuring began within a history; undefined when that is not known. Of a long step only its start is
 * known, so what happened within it is asked for.
 */
export function useMeasuredSince(environment: string, window: Window, history: History): number | undefined {
  const first = firstMeasured(history);
  const { stepMs } = history;
  const isExact = stepMs <= exactEnough;
  // The steps move along with the window; the question need not be put anew each time.
  const coarse = first === null ? null : Math.floor(first / stepMs) * stepMs;
  const query = useQuery({
    queryKey: ['metrics', environment, 'since', window, coarse, stepMs],
    queryFn: async () =>
      firstMeasured(
        await client.metrics.history({
          environment,
          window,
          from: Math.round((first ?? 0) - stepMs),
          to: Math.round((first ?? 0) + 2 * stepMs),
        }),
      ),
    enabled: first !== null && !isExact,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (isExact ? first : query.data) ?? undefined;
}
