import { describe, expect, test } from 'vitest';
import { digest } from '../../../preload/contract/diagram/model/digest.ts';
import { mapSide } from '../../../renderer/schema/canvas/map-side.ts';
import { otherObjects } from '../../../renderer/schema/inspector/details/others.ts';
import { hasManyDead, instantOf, laterOf, shareOf } from '../../../renderer/schema/inspector/facts-words.ts';
import { prettyValue } from '../../../renderer/schema/inspector/pretty-value.ts';
import { outlineOfDiagram, outlineRows } from '../../../renderer/schema/outline-rows.ts';
import { bestMatch } from '../../../renderer/schema/outline-steps.ts';
import { fileName } from '../../../renderer/schema/save-blob.ts';
import { matchingTables } from '../../../renderer/schema/use-table-search.ts';
import { compareAddress, readView, schemaAddress } from '../../../renderer/schema/views.ts';
import { believableModel } from '../../support/ui-schema-fixture/models.ts';

const model = believableModel();
const diagram = digest(model);
const source = outlineOfDiagram(diagram, otherObjects(model));
const rowsFor = (search: string, ...toggled: string[]) =>
  outlineRows(source, diagram, { search, toggled: new Set(toggled) });

describe('The outline', () => {
  test('groups routines below the tables of their schema, folded at first', () => {
    const rows = rowsFor('');
    const group = rows.find(({ kind }) => kind === 'group');
    expect(group).toMatchObject({ label: 'Routines', aside: '1', expanded: false, level: 2 });
    expect(rows.some(({ kind }) => kind === 'other')).toBe(false);
    const opened = rowsFor('', group?.key ?? '');
    expect(opened.find(({ kind }) => kind === 'other')).toMatchObject({
      label: 'touch',
      aside: '()',
      level: 3,
    });
  });

  test('counts groups among the siblings of tables', () => {
    const rows = rowsFor('').filter((row) => row.level === 2 && 'schema' in row && row.schema === 'core');
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, at) => at + 1));
    expect(new Set(rows.map(({ siblings }) => siblings))).toEqual(new Set([rows.length]));
  });

  test('finds routines by name and unfolds them', () => {
    expect(rowsFor('touch').map(({ kind }) => kind)).toEqual(['schema', 'group', 'other']);
    expect(bestMatch(rowsFor('touch'), 'touch')).toEqual({ oid: model.routines[0]?.oid, table: undefined });
  });

  test('takes a table before a routine of the same name', () => {
    const people = diagram.tables.findIndex(({ name }) => name === 'people');
    expect(bestMatch(rowsFor('people'), 'people')).toMatchObject({ table: people });
  });
});

describe('The palette’s search for tables', () => {
  const found = (wanted: string) =>
    matchingTables(diagram, wanted).map((place) => diagram.tables[place]?.name);

  test('gives the table of that name first, then those that begin with it', () => {
    expect(found('orders')[0]).toBe('orders');
    expect(found('order').slice(0, 3)).toEqual(['order_items', 'order_status', 'orders']);
  });

  test('takes a schema before the dot', () => {
    expect(found('sales.orders')).toEqual(['orders']);
  });
});

describe('The map in the corner', () => {
  const canvas = { width: 800, height: 600 };
  const map = { width: 200, height: 128 };

  test('lies at the end of the line', () => {
    expect(mapSide(undefined, canvas, map)).toBe('end');
    expect(mapSide({ x: 100, y: 400, width: 150, height: 190 }, canvas, map)).toBe('end');
    expect(mapSide({ x: 650, y: 100, width: 100, height: 200 }, canvas, map)).toBe('end');
  });

  test('makes way for a selected table below it', () => {
    expect(mapSide({ x: 650, y: 400, width: 100, height: 190 }, canvas, map)).toBe('start');
  });

  test('stays where a table lies below both corners', () => {
    expect(mapSide({ x: 50, y: 100, width: 700, height: 490 }, canvas, map)).toBe('end');
  });
});

describe('Addresses of the room’s views', () => {
  test('are read back as they were written', () => {
    for (const view of ['diagram', 'compare'] as const)
      expect(readView(schemaAddress('a b/c', view))).toEqual({ view, start: undefined });
  });

  test('say what of the comparison is to be at hand', () => {
    for (const start of ['snapshots', 'take'] as const)
      expect(readView(compareAddress('a b/c', start))).toEqual({ view: 'compare', start });
    expect(readView(`${schemaAddress('x', 'compare')}/nonsense`)).toEqual({
      view: 'compare',
      start: undefined,
    });
  });

  test('that say nothing known mean the diagram', () => {
    expect(readView('/environments/x/schema/nonsense').view).toBe('diagram');
    expect(readView('/environments/x/activity').view).toBe('diagram');
  });
});

describe('Facts of a table in words', () => {
  test('read instants as the server prints them', () => {
    expect(instantOf('2026-01-12 14:03:22.5+00')).toBe(Date.UTC(2026, 0, 12, 14, 3, 22, 500));
    expect(instantOf('2026-01-12 14:03:22.123456+05:30')).toBe(Date.UTC(2026, 0, 12, 8, 33, 22, 123));
    expect(instantOf('2026-01-12T14:03:22Z')).toBeUndefined();
    expect(instantOf('Mon 12 Jan 2026')).toBeUndefined();
    expect(instantOf(null)).toBeUndefined();
  });

  test('take the later of a vacuum by hand and one by itself', () => {
    const [early, late] = ['2026-01-01 00:00:00+00', '2026-02-01 00:00:00+00'];
    expect(laterOf(early, late)).toMatchObject({ automatic: true, text: late });
    expect(laterOf(late, early)).toMatchObject({ automatic: false, text: late });
    expect(laterOf(null, early)).toMatchObject({ automatic: true });
    expect(laterOf(null, null)).toBeNull();
  });

  test('know no share of nothing', () => {
    expect(shareOf('0', '0')).toBeUndefined();
    expect(shareOf(null, '4')).toBeUndefined();
    expect(shareOf('1', '3')).toBe(0.25);
  });

  test('notice dead rows only where there are many', () => {
    const use = (dead: string, live: string) =>
      hasManyDead({ deadRows: dead, liveRows: live } as Parameters<typeof hasManyDead>[0]);
    expect(use('900', '10')).toBe(false);
    expect(use('5000', '10000')).toBe(true);
    expect(use('5000', '100000')).toBe(false);
  });
});

describe('A value in full', () => {
  test('has JSON on lines of its own', () => {
    expect(prettyValue('{"a": [1, 2]}')).toBe('{\n  "a": [\n    1,\n    2\n  ]\n}');
  });

  test('stays as it is when it is no JSON, was cut short, or holds numbers that would change', () => {
    for (const value of ['{1,2}', '{"a": "xxx…', '{"id": 12345678901234567890}', '[1e400]', 'plain'])
      expect(prettyValue(value)).toBe(value);
  });
});

describe('Names of files', () => {
  test('are made of what every file system takes', () => {
    expect(fileName('Odd "schema".with/слова 🐘', 'sql')).toBe('Odd-schema-.with-слова.sql');
    expect(fileName('🐘', 'sql')).toBe('schema.sql');
    expect(fileName('x'.repeat(300), 'sql')).toHaveLength(124);
  });
});
