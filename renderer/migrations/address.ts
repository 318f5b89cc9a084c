import { useCallback, useEffect, useState } from 'react';
import { roomAddress } from '../shell/address.ts';

export type MigrationsView = 'status' | 'matrix';

/** Address of one of the room's views, without the `#`; the status is what the room shows at first. */
export function migrationsAddress(environment: string, view: MigrationsView): string {
  const room = roomAddress(environment, 'migrations');
  return view === 'status' ? room : `${room}/${view}`;
}

/** Which view an address asks for. */
export function readView(location: string): MigrationsView {
  return /^\/environments\/[^/]+\/migrations\/matrix(?:\/|$)/.test(location) ? 'matrix' : 'status';
}

/** What a view keeps in the page's search part, so that a reload shows the same. Values are never empty. */
type Kept = Readonly<Record<string, string>>;

const prefix = 'migrations-';

/** Reads what the page about `environment` keeps; undefined when the address is about another, or about none. */
export function readKept(search: string, environment: string): Kept | undefined {
  const params = new URLSearchParams(search);
  if (params.get(`${prefix}of`) !== environment) return undefined;
  const own = [...params].filter(([key]) => key.startsWith(prefix) && key !== `${prefix}of`);
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** The page's search part with these values in it; what others keep there stays. */
export function writeKept(search: string, environment: string, kept: Kept | undefined): string {
  const params = new URLSearchParams(search);
  for (const key of [...params.keys()]) if (key.startsWith(prefix)) params.delete(key);
  if (kept && Object.keys(kept).length > 0) {
    params.set(`${prefix}of`, environment);
    for (const [key, value] of Object.entries(kept)) params.set(prefix + key, value);
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** By environment, for as long as this window is open: going to another tab and back loses nothing. */
const remembered = new Map<string, Kept>();

export interface KeptValues {
  get: (key: string) => string;
  /** An empty value is the one that it has at first, and leaves the address. */
  set: (changes: Readonly<Record<string, string>>) => void;
}

/** What the room keeps of one environment: which track, what is filtered, which group. It stands in the address. */
export function useKept(environment: string): KeptValues {
  const [kept, setKept] = useState<Kept>(
    () => readKept(window.location.search, environment) ?? remembered.get(environment) ?? {},
  );
  useEffect(() => {
    remembered.set(environment, kept);
    show(writeKept(window.location.search, environment, kept));
  }, [environment, kept]);
  useEffect(() => () => show(writeKept(window.location.search, environment, undefined)), [environment]);
  const get = useCallback((key: string) => kept[key] ?? '', [kept]);
  const set = useCallback(
    (changes: Readonly<Record<string, string>>) =>
      setKept((before) =>
        Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== '')),
      ),
    [],
  );
  return { get, set };
}

/** Choosing is no step to come back to, so it makes no entry in the history. */
function show(search: string): void {
  if (search === window.location.search) return;
  const { pathname, hash } = window.location;
  window.history.replaceState(window.history.state, '', `${pathname}${search}${hash}`);
}
