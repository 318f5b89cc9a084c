import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../lib/client.ts';

/** A table as the server is asked about it. */
export interface TableName {
  environment: string;
  schema: string;
  table: string;
}

/** Sizes, use and vacuum of a table, asked for while `open`. All that show them share one answer. */
export function useTableFacts(of: TableName, open: boolean) {
  const rests = useRests(`${of.schema}\0${of.table}`);
  return useQuery({
    queryKey: ['schema', of.environment, 'facts', of.schema, of.table],
    queryFn: ({ signal }) => client.schema.tableFacts(of, { signal }),
    enabled: open && rests,
    staleTime: 30_000,
  });
}

/** A table and all that belongs to it as SQL, asked for while `open`. */
export function useTableDdl(of: TableName, version: number | undefined) {
  const rests = useRests(`${of.schema}\0${of.table}`);
  return useQuery({
    queryKey: ['schema', of.environment, 'ddl', of.schema, of.table, version],
    queryFn: ({ signal }) => client.schema.tableDdl(of, { signal }),
    enabled: rests,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** ms: who only walks past something asks the server nothing about it. */
const rest = 250;

function useRests(key: string): boolean {
  const [rested, setRested] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), rest);
    return () => clearTimeout(timer);
  }, [key]);
  return rested === key;
}
