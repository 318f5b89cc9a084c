import { createHash, randomBytes } from 'node:crypto';

/** Longest identifier of a server in bytes (PostgreSQL manual, "Identifiers and Key Words"). */
const longestName = 63;

/** The name of a scratch database and of the role that owns it. `leftovers.sql` finds what bears such a name. */
export function newName(): string {
  return `howdah_scratch_${randomBytes(6).toString('hex')}`;
}

/** Whether a role is the owner of a scratch database. */
export function isScratchOwner(role: string): boolean {
  return /^howdah_scratch_[0-9a-f]{12}$/.test(role);
}

/** Whether a role is the owner of a scratch database, or the one that logs in for it. */
export function isScratchRole(role: string): boolean {
  return /^howdah_scratch_[0-9a-f]{12}(?:_run)?$/.test(role);
}

/** The name of the role that stands in for another one in a scratch database; of very long names only the beginning. */
export function standInName(name: string, role: string): string {
  const start = `${name}.`;
  const room = longestName - start.length;
  if (Buffer.byteLength(role) <= room) return start + role;
  const mark = `~${createHash('sha256').update(role).digest('hex').slice(0, 8)}`;
  const kept = [...role];
  while (Buffer.byteLength(kept.join('')) > room - mark.length) kept.pop();
  return start + kept.join('') + mark;
}

/** The role that one stands in for; undefined for any other. */
export function standsFor(role: string): string | undefined {
  return /^howdah_scratch_[0-9a-f]{12}\.(.+)$/s.exec(role)?.[1];
}

/** The same in statements, which name such roles in quotes. */
export function withoutStandIns(sql: string): string {
  return sql.replace(/"howdah_scratch_[0-9a-f]{12}\.((?:[^"]|"")+)"/g, '"$1"');
}
