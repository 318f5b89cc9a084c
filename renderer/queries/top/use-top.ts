import { useQuery } from '@tanstack/react-query';
import type { StatementOrder, StatementsState, TopStatements } from '../../../preload/contract/queries.ts';
import { client } from '../../lib/client.ts';
import type { TimeWindow } from '../../metrics/time-window.tsx';

/** What is asked of the list. */
export interface TopAsk {
  source: 'window' | 'reset';
  order: StatementOrder;
  search: string;
  user: string | null;
  database: string | null;
}

const refetchMs = 30_000;

/** How statements are counted there. */
export function useStatementsState(environment: string, epoch: string) {
  return useQuery<StatementsState>({
    queryKey: ['queries', environment, 'state', epoch],
    queryFn: () => client.queries.state({ environment }),
    refetchInterval: refetchMs,
  });
}

/** The list and its chart; what was asked before shows until the answer is there. */
export function useTop(environment: string, time: TimeWindow, ask: TopAsk, epoch: string, enabled = true) {
  const { window, span } = time;
  const { source, order, search, user, database } = ask;
  return useQuery<TopStatements>({
    queryKey: ['queries', environment, 'top', source, source === 'reset' ? '' : [window, span], ask, epoch],
    queryFn: () =>
      client.queries.top({
        ...{ environment, window, source, order, limit: 500 },
        ...(search === '' ? {} : { search }),
        ...(user === null ? {} : { user }),
        ...(database === null ? {} : { database }),
        ...(span && source === 'window' ? { from: span[0], to: span[1] } : {}),
      }),
    placeholderData: (before, from) => (from?.queryKey[1] === environment ? before : undefined),
    refetchInterval: span ? false : refetchMs,
    enabled,
  });
}
