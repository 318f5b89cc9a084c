import { QueryClient } from '@tanstack/react-query';
import { onLinkState } from './client.ts';

/**
 * One cache for the window. The console is on this machine, so the state of the network says nothing about it,
 * and an answer that is an error is shown at once instead of being asked for again.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: false, staleTime: 5000 },
    mutations: { networkMode: 'always', retry: false },
  },
});

let wasClosed = false;

/** What was asked before the link broke may have changed since. */
onLinkState((state) => {
  if (state === 'open' && wasClosed) void queryClient.invalidateQueries();
  wasClosed = state === 'closed';
});
