import { describe, expect, test } from 'vitest';
import { type Making, recipeFor } from '../../../main/backups/create/arguments.ts';
import { hasEnd } from '../../../main/backups/create/dump.ts';
import type { DumpTable } from '../../../main/backups/create/look.ts';
import { namePattern } from '../../../main/backups/create/patterns.ts';
import { DumpProgress } from '../../../main/backups/create/progress.ts';
import { BackupOptions } from '../../../preload/contract/backups.ts';

const making = (major: number, more: Partial<Making> = {}): Making => ({
  versionNum: major * 10_000,
  isLocal: true,
  methods: major >= 16 ? ['none', 'gzip', 'lz4', 'zstd'] : ['none', 'gzip'],
  cores: 4,
  freeSessions: 50,
  seesPasswords: true,
  database: 'shop',
  ...more,
});
const recipe = (major: number, options: Parameters<typeof BackupOptions.parse>[0], more?: Partial<Making>) =>
  recipeFor(BackupOptions.parse(options), making(major, more));

test.each([
  [15, {}, '--format=directory --verbose --no-sync --jobs=4 --compress=1 --lock-wait-timeout=30000'],
  [16, {}, '--format=directory --verbose --no-sync --jobs=4 --compress=zstd:1 --lock-wait-timeout=30000'],
  [
    15,
    { format: 'custom', compression: { method: 'none' }, lockWaitMs: 0 },
    '--format=custom --verbose --no-sync --compress=0',
  ],
  [
    17,
    { format: 'custom', compression: { method: 'none' }, lockWaitMs: 0 },
    '--format=custom --verbose --no-sync --compress=none',
  ],
  [18, { format: 'tar', lockWaitMs: 0 }, '--format=tar --verbose --no-sync'],
  [15, { format: 'plain', compression: { method: 'zstd' }, lockWaitMs: 0 }, '--format=plain --verbose'],
  [
    17,
    { format: 'plain', compression: { method: 'lz4' }, lockWaitMs: 0 },
    '--format=plain --verbose --compress=lz4:1',
  ],
] as const)('version %i is given only what it has: %o', (major, options, args) => {
  expect(recipe(major, options)).toMatchObject({ args: args.split(' ') });
});

test.each([
  [15, { compression: { method: 'zstd' } }, 'pg_dump has zstd since version 16; this is 15.'],
  [15, { format: 'plain', compression: { method: 'lz4' } }, 'pg_dump has lz4 since version 16; this is 15.'],
  [17, { compression: { method: 'gzip', level: 12 } }, 'Its levels go from 1 to 9.'],
  [17, { format: 'tar', compression: { method: 'gzip' } }, 'pg_dump refuses to.'],
  [17, { format: 'custom', jobs: 2 }, 'Only the directory format can be written by several at once.'],
  [
    17,
    { contents: { tables: ['a'], schemas: ['b'] } },
    'With tables chosen, pg_dump takes no notice of schemas, and the backup would hold less than it seems.',
  ],
] as const)('version %i can not do %o, and says why', (major, options, why) => {
  expect(recipe(major, options as never)).toMatchObject({ why });
});

test('programs elsewhere write no folder here, and a full server gets one session', () => {
  expect(recipe(17, {}, { isLocal: false })).toMatchObject({ cause: 'backup-format-needs-local-tools' });
  expect(recipe(17, { format: 'custom' }, { isLocal: false })).toMatchObject({ isPiped: true });
  expect(recipe(17, {}, { freeSessions: 3 })).toMatchObject({ jobs: 1 });
  expect(recipe(17, { contents: { what: 'globals' } }, { seesPasswords: false })).toMatchObject({
    program: 'pg_dumpall',
    format: 'globals',
    args: expect.arrayContaining(['--no-role-passwords']),
  });
});

describe('patterns are read as psql reads them', () => {
  test.each([
    ['Orders', 'public', 'orders', true],
    ['"Orders"', 'public', 'orders', false],
    ['"Or.d*"', 'public', 'Or.d*', true],
    ['sales.*', 'sales', 'anything', true],
    ['sales.*', 'public', 'anything', false],
    ['s?les.o*', 'sales', 'orders', true],
    ['a$b', 'public', 'a$b', true],
    ['"a""b"', 'public', 'a"b', true],
    ['(a|b)', 'public', 'b', true],
    ['orders', 'public', 'orders_2', false],
  ])('%s, and %s.%s: %s', (pattern, schema, name, matches) => {
    const found = namePattern(pattern, 'table');
    expect(found?.name.test(name) && (found.schema?.test(schema) ?? true)).toBe(matches);
  });
});

test('a plain dump has an end, before which nothing but a line of psql may follow', () => {
  const mark = '-- PostgreSQL database dump complete';
  expect(hasEnd(`x\n--\n${mark}\n--\n\n`, mark)).toBe(true);
  expect(hasEnd(`x\n--\n${mark}\n--\n\n\\unrestrict aB3\n\n`, mark)).toBe(true);
  expect(hasEnd(`x\n--\n${mark}\n--\n\n1\tcut`, mark)).toBe(false);
  expect(hasEnd('x\n1\t-- PostgreSQL database dump compl', mark)).toBe(false);
});

const table = (name: string, bytes: number, schema = 'public'): DumpTable => ({
  oid: `${schema}.${name}`,
  schema,
  name,
  kind: 'r',
  bytes,
  ofExtension: false,
  mayEnter: true,
  mayRead: true,
  isFiltered: false,
  isUnlogged: false,
});

test('progress is told by what tables weigh, whatever their names', () => {
  const progress = new DumpProgress([table('a"b: c', 900), table('secret\nx', 100)], {
    isParallel: false,
    secrets: ['secret'],
  });
  progress.onLine('pg_dump: dumping contents of table "public.a"b: c"', 1000);
  expect(progress.state(1000)).toMatchObject({
    object: 'public.a"b: c',
    done: 0,
    total: 2,
    bytes: 0,
    bytesTotal: 1000,
  });
  progress.onCopying(new Map([['public.a"b: c', 450]]));
  expect(progress.state(5000)).toMatchObject({ bytes: 450, remainingMs: 4889 });
  progress.onLine('pg_dump: dumping contents of table "public.•••', 6000);
  expect(progress.state(6000)).toMatchObject({ object: 'public.secret\nx', done: 1, bytes: 900 });
  progress.finish();
  expect(progress.state(7000)).toMatchObject({ object: null, done: 2, bytes: 1000, remainingMs: 0 });
});

test('with several sessions a table is done when the program says so', () => {
  const progress = new DumpProgress([table('a', 10), table('b', 20), table('a', 5, 'x')], {
    isParallel: true,
    secrets: [],
  });
  progress.onLine('pg_dump: dumping contents of table "public.a"', 0);
  progress.onLine('pg_dump: dumping contents of table "public.b"', 1);
  expect(progress.state(2)).toMatchObject({ done: 0 });
  progress.onLine('pg_dump: finished item 12 TABLE DATA a', 3);
  expect(progress.state(4)).toMatchObject({ done: 1, bytes: 10, object: 'public.b' });
});
