/** Which modes exclude which (PostgreSQL manual, "Explicit Locking"), by place in this list from weak to strong. */
const modes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];
const excludes = ['7', '67', '4567', '34567', '23567', '234567', '1234567', '01234567'];

/** Whether two locks on the same thing exclude each other. A mode that is not known counts as if it did. */
export function conflict(one: string, other: string): boolean {
  const [a, b] = [modes.indexOf(one), modes.indexOf(other)];
  return a < 0 || b < 0 || (excludes[a] ?? '').includes(String(b));
}
