import { describe, expect, it } from 'vitest';
import { indexWaste, tableWaste } from '../../../main/storage/bloat/estimate.ts';
import { bloatAdvice } from '../../../main/storage/bloat/report.ts';
import { type Look, packLook, unpackLook } from '../../../main/storage/growth/codec.ts';
import { forecast } from '../../../main/storage/growth/forecast.ts';
import { changesBetween, type KnownRelation, nextKnown } from '../../../main/storage/growth/known.ts';
import type { Forecast } from '../../../preload/contract/storage.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 2, 1);
const gb = 1024 ** 3;

describe('the forecast', () => {
  const daily = (sizes: number[]) => sizes.map((bytes, place) => ({ at: start + place * day, bytes }));
  const ahead = (sizes: number[]): Forecast => {
    const found = forecast(daily(sizes));
    if (typeof found === 'string') throw new Error(found);
    return found;
  };

  it('goes on at the pace of the measurements, and names the day of the next round sizes', () => {
    const found = ahead(Array.from({ length: 11 }, (_, place) => (90 + place) * gb - gb / 2));
    expect(found.perDay).toBeCloseTo(gb, -3);
    const [first] = found.reaches;
    expect(first?.bytes).toBe(String(100 * gb));
    expect(new Date(first?.at ?? 0).toISOString()).toBe('2026-03-11T12:00:00.000Z');
    expect(found.reaches.map(({ bytes }) => Number(bytes) / gb)).toEqual([100, 200, 500]);
  });

  it('is not moved by a few odd measurements, and says how sure it is', () => {
    const sizes = Array.from({ length: 21 }, (_, place) => (10 + place) * gb);
    sizes[7] = (sizes[7] ?? 0) * 1.01;
    sizes[15] = 25.9 * gb;
    const found = ahead(sizes);
    expect(found.perDay / gb).toBeCloseTo(1, 1);
    expect(found.lowPerDay).toBeLessThanOrEqual(found.perDay);
    expect(found.highPerDay).toBeGreaterThanOrEqual(found.perDay);
    expect(found.reaches[0]?.earliest).toBeLessThanOrEqual(found.reaches[0]?.at ?? 0);
  });

  it('begins anew after a fall, and there is none while too little is known', () => {
    expect(ahead([50, 51, 52, 53, 10, 12, 14, 16].map((size) => size * gb))).toMatchObject({
      points: 4,
      from: start + 4 * day,
    });
    expect(forecast(daily([50, 51, 52, 53, 10, 12].map((size) => size * gb)))).toContain(
      'since it fell to 10 GB',
    );
    expect(
      forecast([
        { at: start, bytes: 1 },
        { at: start + hour, bytes: 2 },
        { at: start + 2 * hour, bytes: 3 },
      ]),
    ).toContain('there are 3 over 2 h');
    expect(forecast([])).toBe('No size has been measured yet.');
    expect(ahead([5, 5, 5, 5].map((size) => size * gb)).reaches).toEqual([]);
  });
});

describe('looks', () => {
  const look = (sizes: [number, number][], database: number | null = 9): Look => ({
    database,
    sizes: new Map(sizes.map(([key, heap]) => [key, { heap, toast: heap * 3, indexes: 2 ** 40 }])),
  });

  it('come back as they were, whole or as a difference', () => {
    const first = look(
      [
        [16_384, 0],
        [99, 700],
        [2 ** 33, 5],
        [4_294_967_295, 1],
      ],
      null,
    );
    expect(unpackLook(packLook(first))).toEqual(
      look(
        [
          [99, 700],
          [16_384, 0],
          [4_294_967_295, 1],
          [2 ** 33, 5],
        ],
        null,
      ),
    );
    const second = look([
      [99, 701],
      [16_384, 0],
      [17_000, 4],
    ]);
    const packed = packLook(second, first);
    const again = unpackLook(packed, first);
    expect(new Map([...again.sizes].sort(([a], [b]) => a - b))).toEqual(second.sizes);
    expect(again.database).toBe(9);
  });

  it('cost a few bytes where little changed', () => {
    const many = look(Array.from({ length: 600 }, (_, place) => [16_384 + place * 7, place * 977]));
    const sizes = new Map(many.sizes);
    sizes.set(16_384, { heap: 1, toast: 0, indexes: 0 });
    expect(packLook({ ...many, sizes }, many).length).toBeLessThan(40);
    expect(packLook(many).length).toBeLessThan(8000);
  });
});

describe('what was made and dropped', () => {
  const one = (oid: number, name: string, of = oid): KnownRelation => ({
    oid,
    schema: 'public',
    name,
    of,
    firstAt: 0,
  });
  const known = (
    tables: KnownRelation[],
    indexes: KnownRelation[],
    before?: ReturnType<typeof nextKnown>,
    at = start,
  ) => nextKnown(before, { tables, indexes }, at);

  it('is told one by one; what came with a table and what was rebuilt is no news of its own', () => {
    const first = known(
      [one(1, 'a'), one(2, 'b')],
      [one(11, 'a_x', 1), one(12, 'a_y', 1), one(13, 'b_x', 2)],
    );
    const next = known(
      [one(1, 'a'), one(3, 'c')],
      [one(21, 'a_x', 1), one(14, 'a_z', 1), one(15, 'c_x', 3)],
      first,
      start + day,
    );
    expect(changesBetween(first, next).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'table-created: Table public.c was made.',
      'table-dropped: Table public.b was dropped.',
      'index-rebuilt: Index public.a_x was rebuilt.',
      'index-created: Index public.a_z was made.',
      'index-dropped: Index public.a_y was dropped.',
    ]);
    // A rebuilt index is as old as it was; one that is new is not.
    expect(next.indexes.map(({ firstAt }) => firstAt)).toEqual([start, start + day, start + day]);
    expect(next.gone).toMatchObject([{ name: 'b', goneAt: start + day }]);
  });

  it('is cut short where it is much', () => {
    const many = Array.from({ length: 90 }, (_, place) => one(100 + place, `p${place}`));
    const changes = changesBetween(known([], []), known(many, []));
    expect(changes).toHaveLength(21);
    expect(changes.at(-1)?.text).toBe('70 more tables and indexes were made or dropped.');
  });
});

describe('the bloat estimate', () => {
  const rows = { tuples: 1_000_000, options: null, columns: 2, known: 2, width: 20, nulls: 0 };

  it('is what the rows would not need, and not known without statistics', () => {
    // 4 + 24 + 24 bytes a row, 157 rows a page.
    expect(tableWaste({ ...rows, pages: 6367 }, 8192)).toBe(0);
    expect(tableWaste({ ...rows, pages: 12_737 }, 8192)).toBeCloseTo(6370 * 8192, -6);
    expect(tableWaste({ ...rows, pages: 12_737, options: '{fillfactor=50}' }, 8192)).toBeLessThan(10 * 8192);
    expect(tableWaste({ ...rows, pages: 9000, known: 1 }, 8192)).toBeUndefined();
    expect(tableWaste({ ...rows, pages: 9000, tuples: -1 }, 8192)).toBeUndefined();
    expect(indexWaste({ ...rows, columns: 1, known: 1, width: 8, pages: 2750 }, 8192)).toBeLessThan(
      30 * 8192,
    );
    expect(indexWaste({ ...rows, columns: 1, known: 1, width: 8, pages: 9000 }, 8192)).toBeGreaterThan(
      6000 * 8192,
    );
  });

  it('is a finding only where it is large whatever its error', () => {
    const relation = (bytes: number, wasted: number | null, kind: 'table' | 'index' = 'table') => ({
      oid: 1,
      kind,
      schema: 'public',
      name: 'a"b',
      table: null,
      bytes: String(bytes),
      wasted: wasted === null ? null : String(wasted),
    });
    const of = (one: ReturnType<typeof relation>) => bloatAdvice({ database: 'app', relations: [one] });
    expect(of(relation(gb, gb / 2))).toMatchObject([
      { kind: 'bloat-table', severity: 'notice', estimated: true, statement: null },
    ]);
    expect(of(relation(gb, gb / 2, 'index'))[0]?.statement).toBe(
      'REINDEX INDEX CONCURRENTLY "public"."a""b";',
    );
    expect(of(relation(gb, gb / 4))).toEqual([]);
    expect(of(relation(gb / 100, gb / 110))).toEqual([]);
    expect(of(relation(gb, null))).toEqual([]);
  });
});
