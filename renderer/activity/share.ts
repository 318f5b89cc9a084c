import type { Backend } from '../../preload/contract/activity.ts';

/**
 * Takes over from the sample before every backend that has not changed, so that its row need not be drawn
 * again. The order is that of `next`.
 */
export function shareUnchanged(before: readonly Backend[], next: readonly Backend[]): readonly Backend[] {
  const known = new Map<number, Backend>();
  for (const backend of before) known.set(backend.pid, backend);
  let same = before.length === next.length;
  const shared = next.map((backend, place) => {
    const old = known.get(backend.pid);
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

/** The pid in the key of a backend, or in that of a line of the blocking tree (the last of its pids). */
export function pidOfKey(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf('>') + 1), 10);
}

/** What changes most often comes first, so that most comparisons end early. */
const compared = [
  'stateAt',
  'queryAt',
  'transactionAt',
  'state',
  'wait',
  'waitType',
  'waitingSince',
  'query',
  'backendStart',
  'queryId',
  'queryCut',
  'application',
  'leaderPid',
  'database',
  'user',
  'client',
  'type',
  'connectedAt',
  'own',
] as const satisfies readonly (keyof Backend)[];

function isSame(a: Backend, b: Backend): boolean {
  if (a.blockedBy.length !== b.blockedBy.length) return false;
  for (const name of compared) if (a[name] !== b[name]) return false;
  if (a.waitsFor?.mode !== b.waitsFor?.mode || a.waitsFor?.target !== b.waitsFor?.target) return false;
  return a.blockedBy.every((pid, place) => pid === b.blockedBy[place]);
}
