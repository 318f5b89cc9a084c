import type { HealthFacts, HealthReport } from '../../preload/contract/health.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes (int8 as text) in units of 1024, named as `pg_size_pretty` names them. */
export function size(bytes: string): string {
  let left = Number(bytes);
  let unit = 0;
  while (left >= 1024 && unit < units.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${left < 100 && unit > 0 ? left.toFixed(1).replace(/\.0$/, '') : Math.round(left)} ${units[unit]}`;
}

/** An instant as everybody reads it alike: `2026-01-12 14:03 UTC`. */
export function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Names and texts of a database are data: what would steer a terminal, or the way the page reads, is replaced. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be replaced.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

const sights: Record<NonNullable<HealthFacts['sight']>, string> = {
  superuser: 'superuser, sees everything',
  statistics: 'sees the statistics of all roles',
  own: 'sees only what its own sessions do',
};

/** What stands at the head of a report, name by name. */
export function factsOf({ environment, at, facts }: HealthReport): [name: string, value: string][] {
  const {
    version,
    role,
    startedAt,
    address,
    database,
    databaseBytes,
    sessions,
    maxConnections,
    user,
    sight,
  } = facts;
  return [
    ['Environment', environment.name],
    ['Looked at', instant(at)],
    ['Server', `PostgreSQL ${version}, ${role}, at ${address}`],
    ['Up since', instant(startedAt)],
    ['Database', `${database}, ${databaseBytes === null ? 'size not known' : size(databaseBytes)}`],
    ['Sessions', `${sessions ?? 'not known'} of ${maxConnections}`],
    ['As role', `${user}${sight ? ` (${sights[sight]})` : ''}`],
  ];
}

export const severityWords = { bad: 'Bad', warning: 'Warning', notice: 'Notice' } as const;
