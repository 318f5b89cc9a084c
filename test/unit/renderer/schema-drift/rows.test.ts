import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../../renderer/schema/drift/links.ts';
import { entriesOf, type ListView, listRows, nameInGroup } from '../../../../renderer/schema/drift/rows.ts';
import { cpuTime } from '../../../support/cpu-time.ts';
import { attribute, difference, statement } from './support.ts';

const view: ListView = { group: 'kind', filter: '', states: new Set(), folded: new Set() };

const index = difference({
  kind: 'index',
  name: 'public.idx_plants',
  attributes: [
    attribute(
      'definition',
      'CREATE INDEX idx_plants ON public.plants USING btree (a)',
      'CREATE INDEX idx_plants ON public.plants USING btree (b)',
    ),
  ],
});
const column = difference({
  kind: 'column',
  part: 'version',
  state: 'only-wanted',
  attributes: [
    attribute('type', 'integer', null),
    attribute('not null', 'yes', null),
    attribute('default', '1', null),
  ],
});
const policy = difference({ kind: 'policy', name: 'public.plants: tenants: all', state: 'only-actual' });
const type = difference({ kind: 'type', name: 'public.status' });

const headings = (list: ReturnType<typeof listRows>) =>
  list.flatMap((row) => (row.kind === 'group' ? [`${row.label} ${row.count}`] : []));

describe('the list of differences', () => {
  it('stands below its kinds in the order in which they come', () => {
    expect(headings(listRows(entriesOf([type, column, index]), view))).toEqual([
      'Types 1',
      'Columns 1',
      'Indexes 1',
    ]);
  });

  it('puts columns, indexes, constraints and policies below their table, and what has none after them', () => {
    const rows = listRows(entriesOf([type, column, index, policy]), { ...view, group: 'table' });
    expect(headings(rows)).toEqual(['public.plants 3', 'Types 1']);
  });

  it('says a name below its table without the table', () => {
    const names = entriesOf([column, index, policy]).map((entry) => nameInGroup(entry, 'table'));
    expect(names).toEqual([
      { kind: 'column', name: 'version' },
      { kind: 'index', name: 'idx_plants' },
      { kind: 'policy', name: 'tenants: all' },
    ]);
  });

  it('finds the table where both names hold colons', () => {
    const table = difference({ schema: 'odd', name: 'odd.a: b' });
    const constraint = difference({ kind: 'constraint', schema: 'odd', name: 'odd.a: b: c: d' });
    expect(entriesOf([table, constraint]).map((entry) => entry.table)).toEqual(['odd.a: b', 'odd.a: b']);
  });

  it('finds the table of an index whose names are quoted', () => {
    const [entry] = entriesOf([
      difference({
        kind: 'index',
        schema: 'a.b',
        name: 'a.b.i',
        attributes: [attribute('table', '"a.b"."t ""x"""', null)],
      }),
    ]);
    expect(entry?.table).toBe('a.b.t "x"');
  });

  it('keeps what has all the words somewhere, and only the chosen states', () => {
    const entries = entriesOf([type, column, index, policy]);
    const found = (changes: Partial<ListView>) =>
      listRows(entries, { ...view, ...changes }).flatMap((row) =>
        row.kind === 'entry' ? [row.entry.name] : [],
      );
    expect(found({ filter: 'PLANTS btree' })).toEqual(['public.idx_plants']);
    expect(found({ states: new Set(['only-wanted', 'only-actual']) })).toEqual([
      'public.plants.version',
      'public.plants: tenants: all',
    ]);
    expect(found({ filter: 'nowhere' })).toEqual([]);
  });

  it('leaves the members of a folded group out and still counts them', () => {
    const rows = listRows(entriesOf([type]), { ...view, folded: new Set(['kind type']) });
    expect(rows).toMatchObject([{ kind: 'group', count: 1, isOpen: false }]);
  });

  it('says what a side has in a few words', () => {
    const [first, second, third] = entriesOf([
      column,
      difference({
        state: 'unknown',
        attributes: [attribute('definition', 'SELECT 1', null, 'The table was locked.')],
      }),
      difference({ state: 'only-actual' }),
    ]);
    expect([first?.wanted, first?.actual]).toEqual(['integer, not null, default 1', '']);
    expect([second?.wanted, second?.actual]).toEqual(['SELECT 1', 'not known']);
    expect([third?.wanted, third?.actual]).toEqual(['', 'there']);
  });

  it('is prepared for 5,000 differences well within a moment', () => {
    const many = Array.from({ length: 5000 }, (_, at) => ({
      ...column,
      name: `public.t${at % 500}`,
      part: `c${at}`,
    }));
    const from = cpuTime();
    const entries = entriesOf(many);
    expect(listRows(entries, { ...view, group: 'table', filter: 'integer' })).toHaveLength(5500);
    expect(cpuTime(from)).toBeLessThan(500);
  });
});

describe('statements and their differences', () => {
  it('belong together by object, by column, and by what stands in another object’s name', () => {
    const retyped = difference({ kind: 'column', part: 'size "x"', state: 'changed' });
    const differences = [type, column, retyped, index, policy, difference({})];
    const { difference: of, statements } = linksOf(differences, [
      statement('DROP INDEX "public"."idx_plants"', 'index', 'public.idx_plants'),
      statement('ALTER TABLE "public"."plants" ADD COLUMN "version" integer', 'table', 'public.plants'),
      statement(
        'ALTER TABLE "public"."plants" ALTER COLUMN "size ""x""" TYPE integer',
        'table',
        'public.plants',
      ),
      statement(
        'ALTER TABLE ONLY "public"."plants" ALTER COLUMN "version" SET DEFAULT 1',
        'default',
        'public.plants.version',
      ),
      statement(`COMMENT ON TABLE "public"."plants" IS 'Plants'`, 'table', 'public.plants'),
      statement('CREATE INDEX idx_plants ON public.plants USING btree (a)', 'index', 'public.idx_plants'),
      statement('DROP VIEW "public"."v"', 'view', 'public.v'),
      statement('ALTER TABLE "public"."plants" ATTACH PARTITION "public"."p"', 'partition', 'public.plants'),
    ]);
    expect(of).toEqual([3, 1, 2, 1, 5, 3, null, 5]);
    expect(statements.get(3)).toEqual([0, 5]);
    expect(statements.has(0)).toBe(false);
  });
});
