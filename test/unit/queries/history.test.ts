import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { regressionsOf } from '../../../main/queries/answer-regressions.ts';
import { topOfWindow } from '../../../main/queries/answer-top.ts';
import { allKnown, place, width } from '../../../main/queries/counters.ts';
import { marks } from '../../../main/queries/marks.ts';
import { openStatements, type Statements } from '../../../main/queries/statements.ts';
import { openStore, type Store } from '../../../main/store/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);

let folder: string;
let store: Store;
let now: number;
let room: Statements;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-statements-'));
  store = openStore(folder);
  now = begin;
  const unused = (): never => {
    throw new Error('Nothing here asks for it.');
  };
  room = openStatements({
    ...{ store, dataFolder: folder, now: () => now, keepsHistory: () => true, events: () => [] },
    ...{ findEnvironment: unused, environments: () => [], pool: unused, poolIfAny: () => undefined },
    ...{ reached: unused, status: unused, current: unused, onEvent: () => undefined },
  });
  const environment = room.steps.keyOf('here');
  store.db.exec(
    `INSERT INTO statement_snapshot (environment, at, facts, counters) VALUES (${environment}, 0, '{}', x'')`,
  );
});
afterEach(() => {
  room.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = (id: number): string => `10.5.${id}.t`;

/** What these statements did until `to`: calls, and µs each. */
function did(to: number, length: number, work: Record<number, readonly [calls: number, us: number]>): void {
  const environment = room.steps.keyOf('here');
  const all = Object.entries(work);
  const ids = room.texts.ids(
    environment,
    all.map(([id]) => key(Number(id))),
    to,
  );
  const columns = Array.from({ length: width }, () => new Float64Array(all.length + 1));
  all.forEach(([, [calls, us]], index) => {
    (columns[place.calls] as Float64Array)[index + 1] = calls;
    (columns[place.execUs] as Float64Array)[index + 1] = calls * us;
  });
  room.steps.add(environment, 0, {
    ...{ from: to - length, to, known: allKnown, evicted: 0 },
    marks: length > 20 * minute ? marks.unwatched : 0,
    ...{ ids: Int32Array.from([0, ...ids]), others: 0, columns },
  });
}

const top = (from: number, to = now) =>
  topOfWindow(room, 'here', { from, to }, { order: 'calls', limit: 10 });

describe('history', () => {
  it('becomes coarser, ends after its time, and loses no call before', async () => {
    for (let at = 10 * minute; at <= 2 * day; at += 10 * minute)
      did(begin + at, 10 * minute, { 1: [10, 100] });
    now = begin + 2 * day;
    await room.roll(now);
    const all = await top(begin);
    expect(all.total.calls).toBe(288 * 10);
    expect(all.covered).toEqual({ from: begin, to: now });
    expect(all.chart?.lines[0]?.values.every((rate) => Math.abs((rate ?? 0) - 10 / 600) < 1e-9)).toBe(true);
    // Of the snapshots themselves only the last hours are left.
    const left = store.db.prepare('SELECT min(from_at) AS at FROM statement_step WHERE grain_ms = 0').get();
    expect((left as { at: number }).at).toBeGreaterThan(now - 7 * hour);
    // To do it again changes nothing.
    await room.roll(now);
    expect((await top(begin)).total.calls).toBe(288 * 10);

    now = begin + 36 * day;
    await room.roll(now);
    expect((await top(now - 35 * day)).total.calls).toBe(1440);
    now = begin + 40 * day;
    await room.roll(now);
    expect((await top(begin)).covered).toBeNull();
    expect(room.texts.statements(room.steps.keyOf('here')).size).toBe(0);
  });

  it('keeps a long interval by itself, spread over its time and marked', async () => {
    did(begin + hour, 10 * minute, { 1: [60, 1] });
    did(begin + 9 * hour, 8 * hour, { 1: [800, 1] });
    did(begin + 9 * hour + 10 * minute, 10 * minute, { 1: [60, 1] });
    now = begin + 12 * hour;
    await room.roll(now);
    const all = await top(begin);
    expect(all.total.calls).toBe(920);
    expect(all.gaps).toEqual([{ from: begin + hour, to: begin + 9 * hour, kind: 'unwatched' }]);
    const half = await top(begin + 5 * hour, begin + 9 * hour);
    expect(half.total.calls).toBe(400);
    expect(half.limits.map(({ cause }) => cause)).toEqual(['statements-interval-cut']);
  });
});

describe('regressions', () => {
  /** A week of hours; then an hour. */
  async function week(
    before: (hourOfWeek: number) => Record<number, readonly [number, number]>,
    last: Record<number, readonly [number, number]>,
  ) {
    for (let at = 1; at <= 7 * 24; at += 1) did(begin + at * hour, 15 * minute, before(at));
    did(begin + 169 * hour, 15 * minute, last);
    now = begin + 169 * hour;
    await room.roll(now);
    return regressionsOf(room, 'here', '1h');
  }

  it('are found where a mean is well above every hour before, and nowhere else', async () => {
    const { rows, compared } = await week(
      (at) => ({
        1: [100, 1000],
        // Slow each night: no news.
        2: [100, at % 24 === 3 ? 90_000 : 2000],
        // As it always was.
        3: [100, 5000 + 500 * (at % 3)],
        // Too small to matter, however much slower.
        4: [50, 1],
        // Hardly called.
        5: [1, 1000],
      }),
      { 1: [100, 3100], 2: [100, 80_000], 3: [100, 6100], 4: [50, 5], 5: [5, 90_000] },
    );
    expect(rows.map((row) => row.key)).toEqual([key(1)]);
    expect(rows[0]).toMatchObject({ beforeMeanMs: 1, beforeCalls: 16_800, aboveShare: 1 });
    expect(rows[0]?.factor).toBeCloseTo(3.1);
    expect(rows[0]?.extraMs).toBeCloseTo(210);
    expect(rows[0]?.evidence[0]).toContain('3.1× slower');
    expect(compared).toBe(4);
  });

  it('are none where there is nothing to compare with', async () => {
    now = begin + hour;
    did(now, 15 * minute, { 1: [1000, 90_000] });
    expect(await regressionsOf(room, 'here', '1h')).toMatchObject({
      rows: [],
      compared: 0,
      beforeCoveredMs: 0,
    });
  });
});
