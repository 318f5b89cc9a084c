import { describe, expect, it } from 'vitest';
import type { ForeignKeyRow, IndexFacts, IndexRow } from '../../../main/storage/indexes/facts.ts';
import { findIndexFaults } from '../../../main/storage/indexes/findings.ts';
import { nodes } from '../../../main/storage/indexes/same.ts';
import { createForKey } from '../../../main/storage/indexes/statements.ts';
import { indexTree } from '../../../main/storage/indexes/tree.ts';
import { verdictOf } from '../../../main/storage/indexes/verdict.ts';
import type { TableRow } from '../../../main/storage/tables/list.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 5, 1);

let nextOid = 1000;
function index(given: Partial<IndexRow> = {}): IndexRow {
  nextOid += 1;
  return {
    oid: nextOid,
    table: 1,
    schema: 'public',
    name: `i${nextOid}`,
    table_name: 't',
    method: 'btree',
    kind: 'i',
    // 16 MB.
    pages: 2048,
    persistence: 'p',
    is_unique: false,
    is_primary: false,
    is_exclusion: false,
    is_valid: true,
    is_ready: true,
    is_identity: false,
    is_clustered: false,
    is_deferrable: false,
    nulls_alike: false,
    keys: 1,
    key: '1',
    classes: '1978',
    collations: '0',
    options: '0',
    expressions: null,
    predicate: null,
    columns: ['a'],
    constraint: null,
    is_referenced: false,
    parent: null,
    of_extension: false,
    scans: 5,
    last_scan: null,
    ...given,
  };
}

function table(given: Partial<TableRow> = {}): TableRow {
  const { oid = 1 } = given;
  return {
    oid,
    schema: 'public',
    name: `t${oid}`,
    kind: 'r',
    persistence: 'p',
    tablespace: null,
    parent: null,
    tuples: 0,
    pages: 0,
    live: 0,
    dead: 0,
    deleted: 0,
    toast_pages: 0,
    index_pages: 0,
    indexes: 0,
    ...given,
  };
}

function facts(indexes: IndexRow[], given: Partial<IndexFacts> = {}): IndexFacts {
  return {
    database: 'app',
    page: 8192,
    counting: { on: true, since: now - 30 * day, forMs: 30 * day, isStandby: false, standbys: 0 },
    indexes,
    tables: [table()],
    foreignKeys: [],
    building: { indexes: new Set(), tables: new Set() },
    sizes: new Map(),
    firstSeen: new Map(),
    ...given,
  };
}

/** `kind name severity` of each finding. */
const told = (given: IndexFacts): string[] =>
  findIndexFaults(given).map(
    ({ advice: { kind, object, severity } }) => `${kind} ${object?.replace('public.', '')} ${severity}`,
  );

describe('the same index twice', () => {
  it('is found, and the one on which more hangs stays', () => {
    const unique = index({ name: 'users_email_key', is_unique: true, constraint: 'users_email_key' });
    const plain = index({ name: 'idx_users_email' });
    const [one] = findIndexFaults(facts([plain, unique]));
    expect(one?.advice).toMatchObject({
      id: 'index-duplicate public.idx_users_email',
      severity: 'warning',
      statement: 'DROP INDEX CONCURRENTLY "public"."idx_users_email";',
      bytes: String(2048 * 8192),
    });
    expect(told(facts([unique, index({ name: 'second', is_unique: true })]))).toEqual([
      'index-duplicate second warning',
    ]);
    // Of two that are alike the one that is used more stays.
    expect(told(facts([index({ name: 'little', scans: 3 }), index({ name: 'much', scans: 99 })]))).toEqual([
      'index-duplicate little warning',
    ]);
  });

  it('is not claimed of look-alikes', () => {
    const first = index({ name: 'first' });
    const others: Partial<IndexRow>[] = [
      { classes: '1994' },
      { collations: '950' },
      { options: '3' },
      { method: 'hash' },
      { predicate: '{OPEXPR :opno 96 :location 12}' },
      { key: '2' },
      { key: '0', expressions: '({FUNCEXPR :funcid 870 :location 40})' },
      { is_valid: false, is_ready: false, name: 'x_ccnew' },
      { is_exclusion: true },
      { of_extension: true },
      { table: 2 },
    ];
    for (const other of others)
      expect(told(facts([first, index(other)])).filter((text) => text.startsWith('index-duplicate'))).toEqual(
        [],
      );
  });

  it('keeps what a key, a foreign key, replication or a parent needs', () => {
    const primary = index({ is_unique: true, is_primary: true, constraint: 'p' });
    for (const needed of [{ is_identity: true }, { is_referenced: true, is_unique: true }, { parent: 7 }])
      expect(told(facts([primary, index(needed)]))).toEqual([]);
    const apart = index({ is_unique: true, nulls_alike: true });
    expect(told(facts([primary, apart]))).toEqual([]);
  });

  it('compares expressions without where they stood', () => {
    expect(nodes('{A :x 1 :location 7} {B :location -1 :list_end 3}')).toBe(
      nodes('{A :x 1 :location 99} {B :location 4 :list_end 0}'),
    );
    const [a, b] = [7, 99].map((place) =>
      index({ key: '0', expressions: `({FUNCEXPR :funcid 870 :location ${place}})`, name: `e${place}` }),
    ) as [IndexRow, IndexRow];
    expect(told(facts([a, b]))).toEqual(['index-duplicate e99 warning']);
  });
});

describe('an index that another begins with', () => {
  const long = {
    keys: 2,
    key: '1 2',
    classes: '1978 1978',
    collations: '0 0',
    options: '0 0',
    columns: ['a', 'b'],
  };

  it('is a notice, with the longest as the one that stays', () => {
    const longest = index({
      name: 'abc',
      keys: 3,
      key: '1 2 3',
      classes: '1978 1978 1978',
      collations: '0 0 0',
      options: '0 0 0',
    });
    const found = findIndexFaults(facts([index({ name: 'a' }), index({ name: 'ab', ...long }), longest]));
    expect(found.map(({ advice }) => advice.title)).toEqual([
      'public.a is the beginning of public.abc',
      'public.ab is the beginning of public.abc',
    ]);
    expect(found.every(({ advice }) => advice.severity === 'notice')).toBe(true);
  });

  it('is not claimed of what is unique, small, partial, descending, or has included columns of its own', () => {
    for (const short of [
      { is_unique: true },
      { pages: 10 },
      { predicate: '{X}' },
      { options: '3' },
      { key: '1 9', columns: ['a', 'z'] },
      { method: 'gin' },
    ])
      expect(told(facts([index(short), index(long)]))).toEqual([]);
  });
});

describe('an unused index', () => {
  const unused = { scans: 0, name: 'idle' };
  const at = (given: Partial<IndexFacts['counting']>): Partial<IndexFacts> => ({
    counting: { on: true, since: now - 30 * day, forMs: 30 * day, isStandby: false, standbys: 0, ...given },
  });

  it('is said with how long was counted, and more loudly the larger it is', () => {
    const [one] = findIndexFaults(facts([index(unused)]));
    expect(one?.advice).toMatchObject({ kind: 'index-unused', severity: 'notice' });
    expect(one?.advice.evidence[0]).toContain('30 days');
    expect(told(facts([index({ ...unused, pages: 100_000 })]))).toEqual(['index-unused idle warning']);
  });

  it('is held back or milder where standbys may use it', () => {
    expect(told(facts([index(unused)], at({ standbys: 1 })))).toEqual([]);
    expect(told(facts([index({ ...unused, pages: 100_000 })], at({ standbys: 1 })))).toEqual([
      'index-unused idle notice',
    ]);
    expect(told(facts([index({ ...unused, pages: 100_000 })], at({ isStandby: true })))).toEqual([]);
  });

  it('is not judged where that is not known', () => {
    const verdict = (given: Partial<IndexRow>, more: Partial<IndexFacts> = {}): string => {
      const one = index({ ...unused, ...given });
      const all = facts([one], more);
      expect(findIndexFaults(all)).toEqual([]);
      return verdictOf(one, indexTree(all), all);
    };
    expect(verdict({ pages: 100 })).toBe('unused');
    expect(verdict({}, at({ forMs: 3 * 3_600_000 }))).toBe('too-early');
    expect(verdict({}, at({ on: false }))).toBe('not-counted');
    expect(verdict({ scans: null })).toBe('not-counted');
    expect(verdict({ is_unique: true })).toBe('keeps-rows-right');
    expect(verdict({ is_identity: true })).toBe('keeps-rows-right');
    expect(verdict({ expressions: '{}', key: '0' })).toBe('keeps-statistics');
    expect(verdict({ parent: 12 })).toBe('part-of-parent');
    const young = index(unused);
    const all = facts([young], { firstSeen: new Map([[young.oid, now - day]]) });
    expect(verdictOf(young, indexTree(all), all)).toBe('young');
    expect(findIndexFaults(all)).toEqual([]);
    const seldom = index({ scans: 4, last_scan: now - 60 * day });
    expect(verdictOf(seldom, indexTree(facts([seldom])), facts([seldom]))).toBe('rarely');
  });

  it('of a partitioned table counts with what its partitions’ indexes count', () => {
    const parent = index({ name: 'parent', kind: 'I', pages: 0, scans: null });
    const parts = [0, 0].map((scans) => index({ parent: parent.oid, table: 2, scans }));
    const [one] = findIndexFaults(facts([parent, ...parts]));
    expect(one?.advice).toMatchObject({ object: 'public.parent', bytes: String(2 * 2048 * 8192) });
    // Not concurrently: that is not possible there.
    expect(one?.advice.statement).toBe('SET lock_timeout = \'2s\';\nDROP INDEX "public"."parent";');
    const used = [0, 4].map((scans) => index({ parent: parent.oid, table: 2, scans }));
    expect(told(facts([parent, ...used]))).toEqual([]);
  });
});

it('says that an index is not valid, unless it is being built', () => {
  const broken = index({ is_valid: false, name: 'broken' });
  expect(told(facts([broken]))).toEqual(['index-invalid broken warning']);
  const building = (indexes: number[], tables: number[]): Partial<IndexFacts> => ({
    building: { indexes: new Set(indexes), tables: new Set(tables) },
  });
  expect(told(facts([broken], building([broken.oid], [])))).toEqual([]);
  expect(told(facts([broken], building([], [broken.table])))).toEqual([]);
});

describe('a foreign key without an index', () => {
  const key: ForeignKeyRow = {
    oid: 5,
    name: 'child_parent_fkey',
    table: 1,
    schema: 'public',
    table_name: 'child',
    kind: 'r',
    referenced: 2,
    referenced_schema: 'public',
    referenced_name: 'parent',
    on_delete: 'a',
    key: '{3}',
    columns: ['parent id'],
  };
  const tables = (rows: number, deleted: number): Partial<IndexFacts> => ({
    tables: [table({ oid: 1, tuples: rows, pages: 100 }), table({ oid: 2, tuples: 10, pages: 1, deleted })],
    foreignKeys: [key],
  });

  it('is worth saying only where many rows are read for rows that are deleted', () => {
    expect(told(facts([], tables(500_000, 3)))).toEqual(['foreign-key-unindexed child warning']);
    expect(told(facts([], tables(20_000, 3)))).toEqual(['foreign-key-unindexed child notice']);
    expect(told(facts([], tables(20_000, 0)))).toEqual([]);
    expect(told(facts([], tables(500, 900)))).toEqual([]);
    expect(told(facts([index({ key: '3 1', keys: 2 })], tables(500_000, 3)))).toEqual([]);
    expect(told(facts([index({ key: '3', predicate: '{}' })], tables(500_000, 3)))).toHaveLength(1);
  });

  it('gets a statement that a partitioned table can take', () => {
    expect(createForKey(key, [])).toBe('CREATE INDEX CONCURRENTLY ON "public"."child" ("parent id");');
    const statement = createForKey({ ...key, kind: 'p' }, [
      { oid: 10, schema: 'public', name: 'c1', kind: 'p', parent: 1 },
      { oid: 11, schema: 'public', name: 'c1a', kind: 'r', parent: 10 },
    ]);
    expect(statement.split('\n')).toEqual([
      'CREATE INDEX "child_parent id_idx" ON ONLY "public"."child" ("parent id");',
      'CREATE INDEX "c1_parent id_1_idx" ON ONLY "public"."c1" ("parent id");',
      'ALTER INDEX "public"."child_parent id_idx" ATTACH PARTITION "public"."c1_parent id_1_idx";',
      'CREATE INDEX CONCURRENTLY "c1a_parent id_2_idx" ON "public"."c1a" ("parent id");',
      'ALTER INDEX "public"."c1_parent id_1_idx" ATTACH PARTITION "public"."c1a_parent id_2_idx";',
    ]);
    const long = createForKey({ ...key, kind: 'p', table_name: 'ü'.repeat(31) }, []);
    const [, name = ''] = /INDEX "([^"]+)"/.exec(long) ?? [];
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(63);
  });
});
