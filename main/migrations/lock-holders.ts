import lockHoldersSql from './lock-holders.sql?raw';
import type { Pair } from './pairing.ts';
import type { StateQuery } from './tool.ts';

interface Holder {
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
    const own = one.tool.lockKeys?.(database, one.table, schema) ?? [];
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

const personOf = ({ pid, role, application, address }: Holder): string =>
  `pid ${pid}${role ? `, ${role}` : ''}${application ? `, ${application}` : ''}${address ? `, from ${address}` : ''}`;
