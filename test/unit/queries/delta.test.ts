import { describe, expect, it } from 'vitest';
import { allKnown, bit, counters, peakAt, place, width } from '../../../main/queries/counters.ts';
import { deltaOf } from '../../../main/queries/delta.ts';
import { marks } from '../../../main/queries/marks.ts';
import {
  packSnapshot,
  parseSnapshot,
  type Snapshot,
  unpackSnapshot,
} from '../../../main/queries/snapshot.ts';

const minute = 60_000;
const second = 1e6;

type Counts = Partial<Record<(typeof counters)[number] | 'peakUs', number>> & { since?: number };

/** A snapshot of these entries, as a server of today gives it. */
function snapshot(at: number, entries: Record<string, Counts>, more: Partial<Snapshot> = {}): Snapshot {
  const all = Object.values(entries);
  const names = [...counters, 'peakUs'] as const;
  return {
    at,
    serverAt: at * 1000,
    startedAt: 0,
    resetAt: 0,
    dealloc: 0,
    known: allKnown,
    levels: true,
    role: 'postgres',
    seesAll: true,
    place: null,
    keys: Object.keys(entries),
    columns: names.map((name) => Float64Array.from(all, (one) => one[name] ?? 0)),
    since: Float64Array.from(all, ({ since }) => since ?? 0),
    entries: all.length,
    hidden: 0,
    ...more,
  };
}

/** What moved, by key. */
function moved(before: Snapshot, after: Snapshot): Record<string, number[]> | undefined {
  const delta = deltaOf(before, after);
  return (
    delta &&
    Object.fromEntries(
      delta.keys.map((key, entry) => [
        key,
        [delta.columns[place.calls]?.[entry] ?? -1, delta.columns[place.execUs]?.[entry] ?? -1],
      ]),
    )
  );
}

const a = '10.5.1.t';
const b = '10.5.2.t';

describe('from one snapshot to the next', () => {
  const before = snapshot(minute, {
    [a]: { calls: 10, execUs: 1000, peakUs: 300 },
    [b]: { calls: 5, execUs: 50 },
  });

  it('only what moved is kept, with the peak where the record was broken', () => {
    const after = snapshot(2 * minute, {
      [a]: { calls: 14, execUs: 1900, peakUs: 600 },
      [b]: { calls: 5, execUs: 50 },
    });
    expect(moved(before, after)).toEqual({ [a]: [4, 900] });
    expect(deltaOf(before, after)).toMatchObject({ from: minute, to: 2 * minute, evicted: 0, marks: 0 });
    expect(deltaOf(before, after)?.columns[peakAt]?.[0]).toBe(600);
    const same = snapshot(3 * minute, { [a]: { calls: 15, execUs: 2000, peakUs: 600 } });
    expect(deltaOf(after, same)?.columns[peakAt]?.[0]).toBe(0);
  });

  it('after a reset of all, what stands there was done since', () => {
    const after = snapshot(2 * minute, { [a]: { calls: 12, execUs: 1500 } }, { resetAt: 90 * second });
    expect(moved(before, after)).toEqual({ [a]: [12, 1500] });
    expect(deltaOf(before, after)).toMatchObject({ marks: marks.reset | marks.lost, evicted: 0 });
  });

  it('an entry that went back has begun anew, and nothing is negative', () => {
    const after = snapshot(2 * minute, { [a]: { calls: 3, execUs: 70 }, [b]: { calls: 6, execUs: 60 } });
    expect(moved(before, after)).toEqual({ [a]: [3, 70], [b]: [1, 10] });
    expect(deltaOf(before, after)?.marks).toBe(marks.lost);
  });

  it('an entry evicted and back with more than before is told by its birth', () => {
    const after = snapshot(2 * minute, { [a]: { calls: 20, execUs: 5000, since: 70 * second } });
    expect(moved(before, after)).toEqual({ [a]: [20, 5000] });
    expect(deltaOf(before, after)).toMatchObject({ evicted: 1, marks: marks.lost });
  });

  it('an entry that appears though it is older is not taken for new', () => {
    const after = snapshot(2 * minute, {
      [a]: { calls: 10, execUs: 1000 },
      [b]: { calls: 5, execUs: 50 },
      '10.5.3.t': { calls: 900, execUs: 9000, since: 5 * second },
    });
    expect(moved(before, after)).toEqual({});
    expect(deltaOf(before, after)?.marks).toBe(marks.lost);
  });

  it('a restart that kept the file goes on counting, one that lost it begins anew', () => {
    const kept = snapshot(2 * minute, { [a]: { calls: 11, execUs: 1100 } }, { startedAt: 80 * second });
    expect(moved(before, kept)).toEqual({ [a]: [1, 100] });
    const lost = snapshot(
      2 * minute,
      { [a]: { calls: 11, execUs: 1100, since: 100 * second } },
      { startedAt: 80 * second, resetAt: 80 * second },
    );
    expect(moved(before, lost)).toEqual({ [a]: [11, 1100] });
    expect(deltaOf(before, lost)?.marks).toBe(marks.reset | marks.restarted | marks.lost);
  });

  it('without a time of reset, half of all going back is one', () => {
    const old = { resetAt: null, dealloc: null, since: null };
    const was = snapshot(minute, { [a]: { calls: 10, execUs: 1 }, [b]: { calls: 5, execUs: 1 } }, old);
    const now = snapshot(2 * minute, { [a]: { calls: 1, execUs: 1 }, [b]: { calls: 7, execUs: 2 } }, old);
    expect(moved(was, now)).toEqual({ [a]: [1, 1], [b]: [2, 1] });
    expect(deltaOf(was, now)?.marks).toBe(marks.reset | marks.lost);
  });

  it('what can’t be compared begins anew', () => {
    const entries = { [a]: { calls: 99, execUs: 9999 } };
    expect(deltaOf(before, snapshot(minute, entries))).toBeUndefined();
    expect(deltaOf(before, snapshot(minute - 1, entries))).toBeUndefined();
    expect(deltaOf(before, snapshot(2 * minute, entries, { role: 'other' }))).toBeUndefined();
    expect(deltaOf(before, snapshot(2 * minute, entries, { seesAll: false }))).toBeUndefined();
    expect(deltaOf(before, snapshot(2 * minute, entries, { place: '10.0.0.2 5432' }))).toBeUndefined();
    // Its counters were reset before we last looked: they are another server's.
    expect(deltaOf(before, snapshot(2 * minute, entries, { resetAt: 30 * second }))).toBeUndefined();
  });

  it('an upgrade that tells levels apart compares what could be told before, and new counters come later', () => {
    const known = allKnown & ~bit('walBytes');
    const was = snapshot(minute, { [a]: { calls: 10, execUs: 100 } }, { levels: false, known, since: null });
    const now = snapshot(2 * minute, {
      [a]: { calls: 8, execUs: 80, walBytes: 7 },
      '10.5.1.n': { calls: 5, execUs: 60, walBytes: 7 },
    });
    expect(moved(was, now)).toEqual({ [a]: [3, 40] });
    expect((deltaOf(was, now)?.known ?? 0) & bit('walBytes')).toBe(0);
  });

  it('a sum over hidden statements that went back is not counted', () => {
    const key = '10.5.hidden';
    const was = snapshot(minute, { [key]: { calls: 100, execUs: 1000 } }, { since: null });
    const now = snapshot(2 * minute, { [key]: { calls: 90, execUs: 1100 } }, { since: null });
    expect(moved(was, now)).toEqual({});
    expect(deltaOf(was, now)?.marks).toBe(marks.lost);
  });

  it('a long time without a look says so', () => {
    expect(deltaOf(before, snapshot(60 * minute, {}))?.marks).toBe(marks.unwatched | marks.lost);
  });
});

describe('a snapshot', () => {
  const arrays = {
    users: '{10,10,16,16}',
    databases: '{5,5,5,5}',
    ids: '{-123,-123,NULL,NULL}',
    levels: '{t,f,NULL,NULL}',
    ...Object.fromEntries(counters.map((name) => [name, '{NULL,NULL,NULL,NULL}'])),
    calls: '{1,2,3,4}',
    execUs: '{10,20,30,9007199254740991}',
    walBytes: '{5000000000,0,0,1}',
    peakUs: '{7,8,9,6}',
    since: '{NULL,NULL,NULL,NULL}',
  };
  const { at: _at, keys: _keys, columns: _columns, since: _since, ...facts } = snapshot(0, {});

  it('joins what can’t be told apart', () => {
    const parsed = parseSnapshot(arrays, 5, facts);
    expect(parsed.keys).toEqual(['10.5.-123.t', '10.5.-123.n', '16.5.hidden']);
    expect([...(parsed.columns[place.calls] ?? [])]).toEqual([1, 2, 7]);
    expect([...(parsed.columns[peakAt] ?? [])]).toEqual([7, 8, 9]);
    expect(parsed).toMatchObject({ entries: 4, hidden: 2, since: null });
  });

  it('is the same when it comes out of the store, and may be empty', () => {
    const parsed = parseSnapshot({ ...arrays, since: '{1,2,3,4}' }, 5, facts);
    expect(unpackSnapshot(packSnapshot(parsed), 5, facts)).toEqual(parsed);
    const empty = parseSnapshot({}, 5, facts);
    expect(empty.keys).toEqual([]);
    expect(empty.columns).toHaveLength(width);
    expect(unpackSnapshot(packSnapshot(empty), 5, facts)).toEqual(empty);
  });
});
