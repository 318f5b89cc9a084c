import type { Environment } from '../../preload/contract/environments.ts';

/** Those that can be exported: the sample's systems are of this machine alone, a bare URL's of this run. */
export function exportable<T extends Pick<Environment, 'sample' | 'transient'>>(
  environments: readonly T[],
): readonly T[] {
  return environments.filter(({ sample, transient }) => sample === undefined && !transient);
}

/** Whether all of a list, some or none are ticked. */
export function shareOf(ids: readonly string[], left: ReadonlySet<string>): 'all' | 'some' | 'none' {
  const out = ids.filter((id) => left.has(id)).length;
  return out === 0 ? 'all' : out === ids.length ? 'none' : 'some';
}

/** The ones left out after a press on a box that stands for several: it fills what is not full, and empties what is. */
export function pressed(ids: readonly string[], left: ReadonlySet<string>): ReadonlySet<string> {
  const next = new Set(left);
  const fill = shareOf(ids, left) !== 'all';
  for (const id of ids) {
    if (fill) next.delete(id);
    else next.add(id);
  }
  return next;
}
