import { expect, test } from 'vitest';
import { splitScript } from '../../../main/sql-text/index.ts';
import type { MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import { scriptText } from '../../../preload/contract/schema-diff-text.ts';

const statement = (sql: string, more: Partial<MigrationStatement> = {}): MigrationStatement => ({
  sql,
  risk: 'change',
  object: { kind: 'table', name: 'app.t' },
  locks: [],
  rewrites: 'no',
  scans: false,
  inTransaction: true,
  ...more,
});
const labels = { wanted: 'staging', actual: 'production' };

test('statements stand in transactions, and those that may not share one stand between them', () => {
  const script = scriptText(
    [
      statement('CREATE TABLE app.t ()'),
      statement('CREATE TABLE app.u ()'),
      statement("ALTER TYPE app.e ADD VALUE 'x'", { inTransaction: false }),
      statement('DROP TABLE app.v', { risk: 'destroy' }),
    ],
    [],
    labels,
  );
  const statements = splitScript(script).items.map((item) =>
    item.kind === 'statement' ? item.text : item.kind,
  );
  expect(statements.slice(4)).toEqual([
    'BEGIN',
    'CREATE TABLE app.t ()',
    'CREATE TABLE app.u ()',
    'COMMIT',
    "ALTER TYPE app.e ADD VALUE 'x'",
    'BEGIN',
    'DROP TABLE app.v',
    'COMMIT',
  ]);
});

test('each statement says above it what it does to a server', () => {
  const script = scriptText(
    [
      statement('ALTER TABLE app.t ALTER a TYPE bigint', {
        locks: [{ mode: 'ACCESS EXCLUSIVE', on: 'app.t' }],
        rewrites: 'yes',
        scans: true,
        note: 'Takes a while.',
      }),
    ],
    [],
    labels,
  );
  expect(script).toContain(
    '-- change: table app.t; locks ACCESS EXCLUSIVE on app.t; writes every row anew; Takes a while.\nALTER TABLE app.t',
  );
});

test('a line end in a name does not get out of its comment', () => {
  const evil = 'x\nDROP TABLE app.t; --\r\u2028';
  const script = scriptText(
    [statement('SELECT 1', { object: { kind: 'table', name: evil }, note: evil })],
    [{ what: evil, why: evil }],
    { wanted: evil, actual: evil },
  );
  expect(script).not.toMatch(/^DROP/m);
  expect(splitScript(script).items.filter(({ kind }) => kind === 'statement')).toHaveLength(7);
});

test('where nothing is to be run there are only comments', () => {
  const script = scriptText([], [{ what: 'view app.v', why: 'It could not be read.' }], labels);
  expect(splitScript(script).items).toEqual([]);
  expect(script).toContain('--   view app.v: It could not be read.');
});
