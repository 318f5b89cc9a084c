import { expect, test } from 'vitest';
import { type Counted, dueAt } from '../../../main/maintenance/pace/due.ts';
import { readRange } from '../../../main/maintenance/retention/bounds.ts';
import { readSettings, thresholdsOf } from '../../../main/maintenance/status/thresholds.ts';

const heap = { tuples: 1_000_000, pages: 10_000, frozen: null };
const of18 = readSettings({
  autovacuum: 'on',
  autovacuum_vacuum_threshold: '50',
  autovacuum_vacuum_scale_factor: '0.2',
  autovacuum_vacuum_max_threshold: '100000000',
  autovacuum_vacuum_insert_threshold: '1000',
  autovacuum_vacuum_insert_scale_factor: '0.2',
  autovacuum_freeze_max_age: '200000000',
});

test('thresholds are the server’s settings over the table’s own, as far as a version has them', () => {
  expect(thresholdsOf(heap, null, of18)).toMatchObject({
    vacuum: 200_050,
    insert: 201_000,
    analyze: 100_050,
    freeze: 200_000_000,
    enabled: true,
  });
  const own = ['autovacuum_vacuum_scale_factor=0', 'autovacuum_vacuum_threshold=7', 'fillfactor=70'];
  expect(thresholdsOf(heap, own, of18)).toMatchObject({ vacuum: 7, insert: 201_000 });
  expect(thresholdsOf(heap, ['autovacuum_vacuum_insert_threshold=-1'], of18).insert).toBeNull();
  // A table can have itself frozen sooner, never later.
  expect(thresholdsOf(heap, ['autovacuum_freeze_max_age=1000000'], of18).freeze).toBe(1_000_000);
  expect(thresholdsOf(heap, ['autovacuum_freeze_max_age=900000000'], of18).freeze).toBe(200_000_000);
  for (const off of ['off', 'false', '0', 'no', 'f'])
    expect(thresholdsOf(heap, [`autovacuum_enabled=${off}`], of18).enabled).toBe(false);
  expect(thresholdsOf(heap, ['autovacuum_enabled=true'], of18).enabled).toBe(true);
  // 12 counts no inserts and knows no highest threshold.
  expect(thresholdsOf(heap, null, readSettings({}))).toMatchObject({ insert: null, vacuum: 200_050 });
});

test('18 has a highest threshold, and leaves frozen pages out of the one for inserts', () => {
  const huge = { tuples: 2e9, pages: 10_000, frozen: 9000 };
  expect(thresholdsOf(huge, null, of18).vacuum).toBe(100_000_000);
  expect(thresholdsOf(huge, ['autovacuum_vacuum_max_threshold=-1'], of18).vacuum).toBe(400_000_064);
  expect(thresholdsOf({ ...heap, frozen: 9000 }, null, of18).insert).toBeCloseTo(21_000, 0);
  expect(thresholdsOf({ ...heap, tuples: -1 }, null, of18).vacuum).toBe(50);
});

const minute = 60_000;
const counted = (minutes: number, dead: number): Counted => ({
  at: minutes * minute,
  dead,
  inserted: 0,
  changed: 0,
});

test('a due time needs two measurements that grow, since the counter last fell back', () => {
  expect(dueAt([counted(0, 10)], 'dead', 100)).toBeNull();
  expect(dueAt([counted(0, 10), counted(2, 20)], 'dead', 100)).toBeNull();
  expect(dueAt([counted(0, 10), counted(10, 20)], 'dead', 100)).toBe(90 * minute);
  // A vacuum in between: only what came after it counts.
  const vacuumed = [counted(0, 90), counted(10, 95), counted(20, 5), counted(30, 15)];
  expect(dueAt(vacuumed, 'dead', 100)).toBe((30 + 85) * minute);
  // Pruned pages take a few away, which is no vacuum.
  expect(dueAt([counted(0, 10), counted(10, 40), counted(20, 30)], 'dead', 100)).toBe(90 * minute);
  expect(dueAt([counted(0, 10), counted(10, 10)], 'dead', 100)).toBeNull();
  expect(dueAt([counted(0, 10), counted(10, 120)], 'dead', 100)).toBeNull();
  expect(dueAt([counted(0, 10), counted(10, 11)], 'dead', 1e9)).toBeNull();
  expect(dueAt([counted(0, 10), counted(10, 20)], 'dead', null)).toBeNull();
});

test('the range of a partition is read as the server writes it', () => {
  expect(readRange("FOR VALUES FROM ('2025-01-01') TO ('2025-01-02')")).toEqual({
    from: '2025-01-01',
    to: '2025-01-02',
  });
  expect(readRange("FOR VALUES FROM ('2025-01-01 00:00:00+01') TO (MAXVALUE)")?.to).toBeNull();
  expect(readRange("FOR VALUES FROM (MINVALUE) TO ('1735689600')")).toEqual({ from: null, to: '1735689600' });
  expect(readRange('FOR VALUES FROM (-10) TO (1735689600)')).toEqual({ from: '-10', to: '1735689600' });
  expect(readRange("FOR VALUES FROM ('a''b') TO ('c'::text)")).toEqual({ from: "a'b", to: 'c' });
  for (const other of [
    'DEFAULT',
    "FOR VALUES IN ('2025-01-01')",
    'FOR VALUES WITH (modulus 4, remainder 0)',
    "FOR VALUES FROM ('2025-01-01', 1) TO ('2025-01-02', 1)",
  ])
    expect(readRange(other)).toBeUndefined();
});
