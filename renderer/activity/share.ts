import type { Backend } from '../../preload/contract/activity.ts';

/**
 * Takes over from the sample before every backend that has not changed, so that its row need not be drawn
 * again. The order is that of `next`.
 */
export function shareUnchanged(before: readonly Backend[], next: readonly Backend[]): readonly Backend[] {
  const known = new Map(before.map((backend) => [backendKey(backend), backend]));
  let same = before.length === next.length;
  const shared = next.map((backend, place) => {
    const old = known.get(backendKey(backend));
    const kept = old && isSame(old, backend) ? old : backend;
    if (kept !== before[place]) same = false;
    return kept;
  });
  return same ? before : shared;
}

/** Names a backend for good: a pid alone may be given to another one later. */
export function backendKey({ pid, backendStart }: Pick<Backend, 'pid' | 'backendStart'>): string {
  return `${pid}@${backendStart ?? ''}`;
}

function isSame(a: Backend, b: Backend): boolean {
  for (const name of Object.keys(b) as (keyof Backend)[]) {
    if (name !== 'blockedBy' && a[name] !== b[name]) return false;
  }
  return (
    a.blockedBy.length === b.blockedBy.length && a.blockedBy.every((pid, place) => pid === b.blockedBy[place])
  );
}
