import { bit, counters, ioTimes, peakAt, place, planning, width } from './counters.ts';
import { marks, unwatchedMs } from './marks.ts';
import { type Snapshot, withoutLevels } from './snapshot.ts';

/** What statements did from one snapshot to the next: those that moved. */
export interface Delta {
  from: number;
  to: number;
  /** Bits of the counters that are known for all of it. */
  known: number;
  /** Statements that the server gave up. */
  evicted: number;
  marks: number;
  keys: string[];
  /** Counters and peak, a column each. */
  columns: Float64Array[];
}

/**
 * The difference of two snapshots. A counter that went back has begun anew since, so that what it shows is a lower bound
 * of what was done, never a negative one; `lost` says so.
 *
 * Undefined where the two can't be compared: another server or role answered, or a clock went back. The later one is then
 * a new beginning.
 */
export function deltaOf(earlier: Snapshot, later: Snapshot): Delta | undefined {
  if (later.at <= earlier.at) return undefined;
  if (later.role !== earlier.role || later.seesAll !== earlier.seesAll) return undefined;
  if (later.place !== earlier.place) return undefined;
  const isReset = later.resetAt !== null && earlier.resetAt !== null && later.resetAt !== earlier.resetAt;
  // Reset before we last looked: then it is another server's counters that we see, or its clock was set.
  if (isReset && (later.resetAt ?? 0) <= earlier.serverAt) return undefined;

  const folds = earlier.levels !== later.levels;
  const before = folds ? withoutLevels(earlier) : earlier;
  const now = folds ? withoutLevels(later) : later;
  const places = new Map(before.keys.map((key, index) => [key, index]));
  const rows: Float64Array[] = [];
  const keys: string[] = [];
  let seen = 0;
  let lost = isReset || (later.dealloc ?? 0) > (earlier.dealloc ?? 0);
  let wentBack = 0;

  now.keys.forEach((key, entry) => {
    const was = places.get(key);
    if (was !== undefined) seen += 1;
    const isHidden = key.endsWith('.hidden');
    const made = now.since?.[entry];
    const isNew = was === undefined || isReset || (made !== undefined && made !== before.since?.[was]);
    if (isNew && !isReset && made !== undefined && before.since && made < earlier.serverAt) {
      // Older than the last look, at which it was not there: nobody knows what of it is of this step.
      lost = true;
      return;
    }
    const row = new Float64Array(width);
    const isBack =
      !isNew && (less(now, entry, before, was, 'calls') || less(now, entry, before, was, 'execUs'));
    if (isBack) {
      lost = true;
      wentBack += 1;
      // A sum over many went back: which of them began anew can't be told.
      if (isHidden) return;
    }
    if (was !== undefined && isNew) lost = true;
    const base = isNew || isBack ? undefined : was;
    for (let column = 0; column < counters.length; column += 1) {
      const value = now.columns[column]?.[entry] ?? 0;
      row[column] = Math.max(0, value - (base === undefined ? 0 : (before.columns[column]?.[base] ?? 0)));
    }
    const peak = now.columns[peakAt]?.[entry] ?? 0;
    const earlierPeak = base === undefined ? 0 : (before.columns[peakAt]?.[base] ?? 0);
    row[peakAt] = peak > earlierPeak ? peak : 0;
    if (!row[place.calls] && !row[place.execUs] && !row[place.plans] && !row[place.planUs]) return;
    keys.push(key);
    rows.push(row);
  });

  const gone = before.keys.length - seen;
  const restarted = later.startedAt !== earlier.startedAt;
  // Without a time of reset to go by, half of all going back is one.
  const looksReset = isReset || (later.resetAt === null && wentBack > 0 && 2 * wentBack >= seen);
  if (gone > 0) lost = true;
  const columns = Array.from({ length: width }, (_, column) =>
    Float64Array.from(rows, (row) => row[column] ?? 0),
  );
  return {
    from: earlier.at,
    to: later.at,
    known: knownIn(earlier.known & later.known, earlier, later, columns),
    evicted: looksReset ? 0 : gone,
    marks:
      (looksReset ? marks.reset : 0) |
      (restarted ? marks.restarted : 0) |
      (lost ? marks.lost : 0) |
      (later.at - earlier.at > unwatchedMs ? marks.unwatched : 0),
    keys,
    columns,
  };
}

function less(
  now: Snapshot,
  entry: number,
  before: Snapshot,
  was: number,
  name: 'calls' | 'execUs',
): boolean {
  const column = place[name];
  return (now.columns[column]?.[entry] ?? 0) < (before.columns[column]?.[was] ?? 0);
}

/** What is not measured as a rule may be for some roles or databases: whatever was counted is known. */
function knownIn(
  known: number,
  earlier: Snapshot,
  later: Snapshot,
  columns: readonly Float64Array[],
): number {
  let all = known;
  for (const name of [...ioTimes, ...planning]) {
    const inBoth = hasColumn(earlier, name) && hasColumn(later, name);
    if (inBoth && columns[place[name]]?.some((value) => value > 0)) all |= bit(name);
  }
  return all;
}

/** Whether the extension had that counter at all: what it counted is then in the snapshot even while it is not measured. */
function hasColumn(snapshot: Snapshot, name: (typeof counters)[number]): boolean {
  return (
    (snapshot.known & bit(name)) !== 0 || (snapshot.columns[place[name]]?.some((value) => value > 0) ?? false)
  );
}
