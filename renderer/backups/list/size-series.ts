import type { Backup } from '../../../preload/contract/backups.ts';
import { kindWords } from '../words.ts';

export interface SizePoint {
  at: number;
  /** Null breaks the line: nobody made one for long. */
  bytes: number | null;
  backup: Backup | undefined;
}

export interface SizeSeries {
  /** Unlike any other's. */
  key: string;
  kind: string;
  /** Undefined: all are of the same. */
  database: string | undefined;
  points: SizePoint[];
}

/** Series that are drawn; more than these can't be told apart. */
export const mostSeries = 4;

/**
 * Sizes over time, a line for each database and kind: a custom dump says nothing of how large a plain one would be.
 * Where two lie much farther apart than usual, backups are missing, and no line runs between them. The one with the
 * most backups comes first. Globals are a few lines of roles, whose size tells nothing.
 */
export function sizeSeries(backups: readonly Backup[]): SizeSeries[] {
  const drawn = backups.filter(({ format }) => format !== 'globals');
  const databases = new Set(drawn.map(({ database }) => database));
  return [...Map.groupBy(drawn, (one) => JSON.stringify([kindWords(one), one.database]))]
    .map(([key, members]): SizeSeries => {
      const [kind, database] = JSON.parse(key) as [string, string | null];
      return {
        key,
        kind,
        database: databases.size > 1 ? (database ?? 'an unknown database') : undefined,
        points: pointsOf(members.toSorted((a, b) => a.at - b.at)),
      };
    })
    .sort((a, b) => b.points.length - a.points.length || (a.key < b.key ? -1 : 1));
}

function pointsOf(backups: readonly Backup[]): SizePoint[] {
  const distances = backups.slice(1).map(({ at }, place) => at - (backups[place]?.at ?? at));
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  return backups.flatMap((backup, place): SizePoint[] => {
    const point = { at: backup.at, bytes: backup.bytes, backup };
    const distance = distances[place - 1] ?? 0;
    return distances.length > 1 && distance > 2.5 * usual
      ? [{ at: backup.at - distance / 2, bytes: null, backup: undefined }, point]
      : [point];
  });
}

/** The point nearest to a place of the picture, within `reach` px. */
export function nearestPoint(
  series: readonly SizeSeries[],
  x: number,
  y: number,
  place: (point: SizePoint) => readonly [number, number],
  reach: number,
): { point: SizePoint; series: SizeSeries } | undefined {
  let best: { point: SizePoint; series: SizeSeries; distance: number } | undefined;
  for (const one of series)
    for (const point of one.points) {
      if (!point.backup) continue;
      const [px, py] = place(point);
      const distance = Math.hypot(px - x, py - y);
      if (distance <= reach && (!best || distance < best.distance)) best = { point, series: one, distance };
    }
  return best;
}
