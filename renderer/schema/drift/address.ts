import { useCallback, useEffect, useState } from 'react';
import type { SchemaSource } from '../../../preload/contract/schema.ts';
import { readSide, sideKey } from './sides.ts';

export const ignorable = ['owner', 'privileges', 'comments', 'names'] as const;
export type Ignorable = (typeof ignorable)[number];

/** What is to be compared and how it is shown. Kept in the page's address, so that a reload shows the same. */
export interface DriftAddress {
  wanted: SchemaSource | null;
  actual: SchemaSource | null;
  ignore: readonly Ignorable[];
  /** Names of schemas; all when empty. */
  schemas: readonly string[];
  /** Whether it was compared: a reload then compares again. */
  compared: boolean;
  pane: 'differences' | 'script';
  group: 'kind' | 'table';
}

/** Names of what this page keeps in the address; `of` says which environment it is about. */
const keys = ['of', 'wanted', 'actual', 'ignore', 'schema', 'compared', 'pane', 'group'] as const;
const prefix = 'compare-';

/** Reads the address of a page about `environment`; undefined when the address is about another, or about none. */
export function readAddress(search: string, environment: string): DriftAddress | undefined {
  const params = new URLSearchParams(search);
  const get = (key: (typeof keys)[number]): string | null => params.get(prefix + key);
  if (get('of') !== environment) return undefined;
  const ignore = (get('ignore') ?? '').split(',');
  return {
    wanted: readSide(get('wanted')),
    actual: readSide(get('actual')),
    ignore: ignorable.filter((one) => ignore.includes(one)),
    schemas: params.getAll(`${prefix}schema`),
    compared: get('compared') === 'yes',
    pane: get('pane') === 'script' ? 'script' : 'differences',
    group: get('group') === 'table' ? 'table' : 'kind',
  };
}

/** The page's search part with this address in it; what others keep there stays. */
export function writeAddress(search: string, environment: string, address: DriftAddress | undefined): string {
  const params = new URLSearchParams(search);
  for (const key of keys) params.delete(prefix + key);
  if (address) {
    const set = (key: (typeof keys)[number], value: string | false | undefined): void => {
      if (value) params.set(prefix + key, value);
    };
    set('of', environment);
    set('wanted', address.wanted ? sideKey(address.wanted) : undefined);
    set('actual', address.actual ? sideKey(address.actual) : undefined);
    set('ignore', address.ignore.join(','));
    for (const schema of address.schemas) params.append(`${prefix}schema`, schema);
    set('compared', address.compared && 'yes');
    set('pane', address.pane === 'script' && 'script');
    set('group', address.group === 'table' && 'table');
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** By environment, for as long as this window is open: going to another tab and back loses nothing. */
const kept = new Map<string, DriftAddress>();

/** The address of the page about an environment. It stands in the window's address while the page shows. */
export function useDriftAddress(
  environment: string,
  atFirst: () => DriftAddress,
): [DriftAddress, (changes: Partial<DriftAddress>) => void] {
  const [address, setAddress] = useState(
    () => readAddress(window.location.search, environment) ?? kept.get(environment) ?? atFirst(),
  );
  useEffect(() => {
    kept.set(environment, address);
    show(writeAddress(window.location.search, environment, address));
  }, [environment, address]);
  useEffect(() => () => show(writeAddress(window.location.search, environment, undefined)), [environment]);
  const change = useCallback(
    (changes: Partial<DriftAddress>) => setAddress((before) => ({ ...before, ...changes })),
    [],
  );
  return [address, change];
}

/** Choosing is no step to come back to, so it makes no entry in the history. */
function show(search: string): void {
  if (search === window.location.search) return;
  const { pathname, hash } = window.location;
  window.history.replaceState(window.history.state, '', `${pathname}${search}${hash}`);
}
