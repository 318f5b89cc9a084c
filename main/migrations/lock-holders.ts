import lockHoldersSql from './lock-holders.sql?raw';
import { lockKeysOf } from './lock-keys.ts';
import type { Pair } from './pairing.ts';
import type { StateQuery } from './tool.ts';

/** Who holds, or waits for, a lock. */
export interface Holder {
  key: string;
  granted: boolean;
  pid: number;
  role: string | null;
  application: string | null;
  address: string | null;
}

/** Who holds the lock of each pair's tool at this moment. */
export async function readHolders(
  query: StateQuery,
  pairs: readonly Pair[],
  database: string,
  schema: string,
): Promise<Map<Pair, string>> {
  const keys = new Map<Pair, Set<string>>();
  for (const one of pairs) {
    const named = one.place?.location.table;
    const table = one.table ?? (named ? { name: named.name, schema: named.schema ?? schema } : undefined);
    const own = lockKeysOf(one.tool, database, table, schema);
    if (own.length) keys.set(one, new Set(own.map(String)));
  }
  if (!keys.size) return new Map();
  const all = [...new Set([...keys.values()].flatMap((set) => [...set]))];
  const holders = (await query<Holder>(lockHoldersSql, [all])).filter(({ granted }) => granted);
  const found = new Map<Pair, string>();
  for (const [one, set] of keys) {
    const holder = holders.find(({ key }) => set.has(key));
    if (holder) found.set(one, personOf(holder));
  }
  return found;
}

/** A holder as people tell them apart. */
export const personOf = ({ pid, role, application, address }: Holder): string =>
  [`pid ${pid}`, role, application, address && `from ${address}`].filter(Boolean).join(', ');
