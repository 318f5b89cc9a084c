import type { Archived, Reading } from './types.ts';

/** A moment as a person and a recovery target read it. */
export const iso = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, 'Z');

/** From the end of the oldest good backup to that of the newest, which is the least that is sure. */
export function widen(ends: readonly number[]): { from: number; to: number } | null {
  return ends.length === 0 ? null : { from: Math.min(...ends), to: Math.max(...ends) };
}

/**
 * What the server says of its archiving tells when the newest segment was archived, where it is the one that the engine
 * has as its newest.
 */
export function withArchived(reading: Reading, archived: Archived | undefined): Reading {
  const { window, walTo, cluster, unknown } = reading;
  if (!archived) return reading;
  if (cluster !== null && cluster !== archived.cluster)
    return {
      ...reading,
      unknown: [
        ...unknown,
        `The environment's server is another cluster (${archived.cluster}) than the one that is backed up (${cluster}).`,
      ],
    };
  // The history file of a backup is archived after its segment, under its name.
  if (!window || archived.at === null || walTo === null || archived.wal?.slice(0, 24) !== walTo)
    return reading;
  if (window.to === null || archived.at <= window.to) return reading;
  return {
    ...reading,
    window: { from: window.from, to: archived.at },
    unknown: [
      ...unknown.filter((said) => !said.startsWith('Times of WAL')),
      `The window ends when the server archived segment ${walTo}; the last transaction in it may be a little older.`,
    ],
  };
}
