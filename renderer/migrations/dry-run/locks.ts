/** Table-level locks, the strongest first (PostgreSQL manual, "Explicit Locking"). */
const order = [
  'ACCESS EXCLUSIVE',
  'EXCLUSIVE',
  'SHARE ROW EXCLUSIVE',
  'SHARE',
  'SHARE UPDATE EXCLUSIVE',
  'ROW EXCLUSIVE',
  'ROW SHARE',
  'ACCESS SHARE',
];

/** Locks with those in front that hold up most; one that is not known comes last. */
export function strongestFirst<Lock extends { mode: string; on: string }>(locks: readonly Lock[]): Lock[] {
  const rank = ({ mode }: Lock): number => (order.includes(mode) ? order.indexOf(mode) : order.length);
  return locks.toSorted((a, b) => rank(a) - rank(b) || (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}
