import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { StoredTable } from '../../preload/contract/storage.ts';
import { rollUp } from '../../preload/contract/storage-roll-up.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';

/** What has been told of a database's tables so far. */
export interface TablesSoFar {
  at: number;
  database: string;
  tables: readonly StoredTable[];
  /** Tables whose sizes are exact, of how many. */
  measured: number;
  of: number;
  /** Null while it is not known, or where the role may not ask. */
  databaseBytes: string | null;
  done: boolean;
  limits: readonly Explanation[];
}

/** The tables of an environment with their sizes, first as noted and then exact; partitioned ones as their partitions. */
export function useTables(environment: string, isConnected: boolean) {
  const queryClient = useQueryClient();
  const key = useMemo(() => ['storage', environment, 'tables'], [environment]);
  const query = useQuery({
    queryKey: key,
    enabled: isConnected,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const byOid = new Map<number, StoredTable>();
      let soFar: TablesSoFar | undefined;
      const before = queryClient.getQueryData<TablesSoFar>(key);
      for await (const event of await client.storage.tables({ environment }, { signal })) {
        if (event.kind === 'tables') {
          const { at, database } = event;
          for (const table of event.tables) byOid.set(table.oid, table);
          soFar = {
            at,
            database,
            tables: [],
            measured: 0,
            of: 0,
            databaseBytes: null,
            done: false,
            limits: [],
          };
        } else if (soFar && event.kind === 'sizes') {
          for (const size of event.sizes) {
            const table = byOid.get(size.oid);
            if (table) byOid.set(size.oid, { ...table, ...size });
          }
          soFar = { ...soFar, measured: event.measured, of: event.of };
        } else if (soFar && event.kind === 'done') {
          const { at, databaseBytes, limits } = event;
          soFar = { ...soFar, at, databaseBytes, limits, done: true };
        }
        // What is known better already is not replaced by what was noted long ago.
        if (soFar && (!before || event.kind === 'done')) {
          soFar = { ...soFar, tables: rollUp([...byOid.values()]) };
          queryClient.setQueryData(key, soFar);
        }
      }
      if (!soFar) throw new Error('The list of tables ended before it began.');
      return soFar;
    },
  });
  const refresh = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: key }),
    [queryClient, key],
  );
  return {
    tables: query.data,
    isFetching: query.isFetching,
    problem: query.isError ? explain(query.error) : undefined,
    refresh,
  };
}
