import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Backup } from '../../preload/contract/backups.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { queryClient } from '../lib/query-client.ts';

/** All that the room has asked for begins with this. */
const roomKey = 'backups';

export const listKey = (environment: string): readonly string[] => [roomKey, 'list', environment];
export const detailsKey = (id: string): readonly string[] => [roomKey, 'show', id];
export const planKey = (environment: string): readonly string[] => [roomKey, 'plan', environment];
export const toolsKey: readonly string[] = [roomKey, 'tools'];
export const placesKey: readonly string[] = [roomKey, 'places'];
export const recipientKey: readonly string[] = [roomKey, 'recipient'];

/** Backups have changed: what is shown of them is asked for again. Plans too, because a path may be taken now. */
export function backupsChanged(): void {
  for (const what of ['list', 'show', 'plan', 'jobs', 'swaps'])
    void queryClient.invalidateQueries({ queryKey: [roomKey, what] });
}

export interface BackupList {
  backups: readonly Backup[] | undefined;
  problem: Explanation | undefined;
  isLooking: boolean;
  look: () => void;
}

/** ms: jobs make backups too, and files come and go. */
const beat = 30_000;

/** The backups of an environment, newest first. */
export function useBackups(environment: string): BackupList {
  const queries = useQueryClient();
  const { data, error, isFetching } = useQuery({
    queryKey: listKey(environment),
    queryFn: ({ signal }) => client.backups.list({ environment }, { signal }),
    refetchInterval: beat,
  });
  const look = useCallback(
    () => void queries.invalidateQueries({ queryKey: listKey(environment) }),
    [queries, environment],
  );
  const problem = useMemo(() => (error ? explain(error) : undefined), [error]);
  return { backups: data, problem, isLooking: isFetching, look };
}
