import { describe, expect, test } from 'vitest';
import type { EnvironmentStatus } from '../../../../preload/contract/environments.ts';
import { filtered, nextSort, type Row, sections } from '../../../../renderer/home/rows.ts';
import { sparkline } from '../../../../renderer/home/spark-path.ts';
import { makeEnvironments, makeStatus } from '../../../support/ui-fixture/data.ts';

const now = Date.UTC(2026, 0, 12);
const rows: Row[] = makeEnvironments(60).map((environment, index) => ({
  environment,
  status: makeStatus(environment, index, now),
}));
/** What the list says of transactions: nothing without a connection. */
const tpsOf = (row: Row | undefined): number | null =>
  (row?.status.state === 'connected' ? row.status.glance?.transactionsPerSecond : null) ?? null;
const names = (found: readonly Row[]): string[] => found.map(({ environment }) => environment.name);

describe('the filter', () => {
  test('wants every word, in whatever it is', () => {
    expect(names(filtered(rows, 'production LOST'))).toEqual(['تقارير الإنتاج', 'search-14']);
    expect(filtered(rows, '  ')).toHaveLength(60);
    expect(filtered(rows, 'nothing-like-it')).toEqual([]);
  });
});

describe('the order', () => {
  test('is by group until a column is chosen', () => {
    expect(sections(rows, undefined).map(({ heading }) => heading)).toEqual([
      'Production',
      'Staging',
      expect.stringContaining('Customers'),
      'No group',
    ]);
    expect(sections(rows.slice(50, 52), undefined)[0]?.heading).toBeUndefined();
  });

  test('puts problems first by the finding', () => {
    const [section] = sections(rows, { column: 'finding', direction: 'descending' });
    const states = section?.rows
      .slice(0, 3)
      .map(({ status }: { status: EnvironmentStatus }) => status.findings[0]?.severity ?? status.state);
    expect(states?.every((state) => state === 'bad' || state === 'lost' || state === 'disconnected')).toBe(
      true,
    );
  });

  test('puts what has no value last both ways', () => {
    for (const direction of ['ascending', 'descending'] as const) {
      const [section] = sections(rows, { column: 'tps', direction });
      expect(tpsOf(section?.rows.at(-1))).toBeNull();
      expect(tpsOf(section?.rows[0])).not.toBeNull();
    }
  });

  test('takes old figures of what is not connected for no value', () => {
    const [section] = sections(rows, { column: 'sessions', direction: 'descending' });
    const states = section?.rows.map(({ status }) => status.state === 'connected') ?? [];
    expect(states.indexOf(false)).toBeGreaterThan(states.lastIndexOf(true));
  });

  test('comes back to the groups at the third press', () => {
    const first = nextSort(undefined, 'oldest');
    const second = nextSort(first, 'oldest');
    expect([first?.direction, second?.direction, nextSort(second, 'oldest')]).toEqual([
      'descending',
      'ascending',
      undefined,
    ]);
    expect(nextSort(second, 'name')).toEqual({ column: 'name', direction: 'ascending' });
  });
});

describe('the sparkline', () => {
  test('draws runs between gaps apart and never across', () => {
    const { line, top } = sparkline([1, 2, null, 4, 3], 40, 20);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(top).toBe(4);
  });

  test('is empty without a value, flat at zero, and whole with one point', () => {
    expect(sparkline([null, null], 40, 20).line).toBe('');
    expect(sparkline([0, 0], 40, 20).line).not.toContain('NaN');
    expect(sparkline([5], 40, 20).line).toContain('h');
  });
});
