/**
 * The days of the last release of each major version, as the project has announced them
 * (https://www.postgresql.org/support/versioning/).
 */
const lastReleases: Readonly<Record<number, string>> = {
  12: '2024-11-21',
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
};

/** The day of a major version's last release, `2027-11-11`; null for one that is not known here. */
export const supportEnds = (major: number): string | null => lastReleases[major] ?? null;

/** Days from now until a day ends, UTC; negative once it is past. */
export function daysUntil(day: string, now: number): number {
  return Math.floor((Date.parse(`${day}T23:59:59Z`) - now) / 86_400_000);
}
