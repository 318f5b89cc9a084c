/** A version of PostgreSQL, as its programs print it. */
export interface Version {
  /** Such as `15.18` or `19rc1`. */
  version: string;
  /** As `server_version_num` counts: 150018. */
  versionNum: number;
}

/** The version in what `pg_dump --version` prints: `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`. */
export function versionIn(said: string): Version | undefined {
  const found = /\) (\d+)(?:\.(\d+))?(?:\.(\d+))?(devel|beta\d+|rc\d+)?/.exec(said);
  if (!found) return undefined;
  const [whole, first = '', second, third, unfinished = ''] = found;
  const major = Number(first);
  const versionNum =
    major >= 10
      ? major * 10_000 + Number(second ?? 0)
      : major * 10_000 + Number(second ?? 0) * 100 + Number(third ?? 0);
  return { version: unfinished ? `${first}${unfinished}` : whole.slice(2), versionNum };
}

/** Of 150018: 15. Of 90624, which is 9.6.24: 9. */
export const majorOf = (versionNum: number): number => Math.trunc(versionNum / 10_000);

const minorOf = (versionNum: number): number => versionNum % 10_000;

/** How many more minors than its kin a major had by May 2026, when 13.x was out of support for half a year. */
const minorInMay2026: Readonly<Record<number, number>> = {
  12: 30,
  13: 26,
  14: 23,
  15: 18,
  16: 14,
  17: 10,
  18: 4,
};

/**
 * When a release came out, in quarters of PostgreSQL's calendar (minors of all majors come together, four times a year
 * and now and then between); comparable between majors. Source: release notes of 12 to 18. For majors from 19 on it is
 * reckoned from their first year. Null for what is older than these.
 */
export function releaseWave(versionNum: number): number | null {
  const major = majorOf(versionNum);
  const minor = minorOf(versionNum);
  if (major >= 19) return (major - 19) * 4 + 1 + minor;
  const may2026 = minorInMay2026[major];
  if (may2026 === undefined) return null;
  // 18 had one more of its own between May and August 2026.
  const own = major === 18 && minor > 5 ? 1 : 0;
  return minor - may2026 - own;
}

/** Minors of August 2025, the first whose psql knows `\restrict`. */
const restrictSince: Readonly<Record<number, number>> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

/** Whether its psql can run a dump that begins with `\restrict`. */
export function knowsRestrict(versionNum: number): boolean {
  const since = restrictSince[majorOf(versionNum)];
  return majorOf(versionNum) >= 18 || (since !== undefined && minorOf(versionNum) >= since);
}
