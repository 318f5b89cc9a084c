import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { WaitDimension, WaitFilter } from '../../preload/contract/waits.ts';
import { client } from '../lib/client.ts';
import type { TimeWindow } from '../metrics/time-window.tsx';

/** What is asked for, besides the dimension. */
export interface WaitChoice {
  of: 'clients' | 'workers';
  filter: WaitFilter;
}

const refetchMs = 30_000;

function asked(
  environment: string,
  { window, span }: Pick<TimeWindow, 'window' | 'span'>,
  choice: WaitChoice,
) {
  return { environment, window, ...(span ? { from: span[0], to: span[1] } : {}), ...choice };
}

/** Average active sessions over a window, by a dimension. A span that was zoomed into does not change any more. */
export function useWaitHistory(
  environment: string,
  time: Pick<TimeWindow, 'window' | 'span'>,
  by: WaitDimension,
  choice: WaitChoice,
) {
  return useQuery({
    queryKey: ['waits', environment, 'history', time.window, time.span, by, choice],
    queryFn: () => client.waits.history({ ...asked(environment, time, choice), by }),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
}

/** Who made up the same. */
export function useWaitTop(
  environment: string,
  time: Pick<TimeWindow, 'window' | 'span'>,
  by: WaitDimension,
  choice: WaitChoice,
) {
  return useQuery({
    queryKey: ['waits', environment, 'top', time.window, time.span, by, choice],
    queryFn: () => client.waits.top({ ...asked(environment, time, choice), by }),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
}

/** What this role can't see. */
export function useWaitLimits(environment: string, connected: boolean) {
  return useQuery({
    queryKey: ['waits', environment, 'limits', connected],
    queryFn: () => client.waits.limits({ environment }),
    enabled: connected,
    retry: false,
  });
}
