import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Backup, TocEntry } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { refOf } from './restore-store.ts';

export interface TocState {
  entries: readonly TocEntry[] | undefined;
  problem: Explanation | undefined;
  isPending: boolean;
  again: () => void;
}

/** What is in a backup, once somebody wants to choose from it. */
export function useToc(backup: Backup, typed: string, isWanted: boolean): TocState {
  const [passphrase] = useDebouncedValue(typed, 500);
  const query = useQuery({
    queryKey: ['backups', 'toc', backup.path, passphrase],
    queryFn: ({ signal }) =>
      client.backups.show(
        { backup: refOf(backup), opens: true, ...(passphrase === '' ? {} : { passphrase }) },
        { signal },
      ),
    enabled: isWanted,
    gcTime: 0,
    staleTime: 60_000,
  });
  const unreadable = query.data?.toc.length === 0 ? query.data.problem : undefined;
  return {
    entries: query.data?.toc,
    problem: query.isError ? explain(query.error) : unreadable,
    isPending: isWanted && query.isPending,
    again: () => void query.refetch(),
  };
}
