import { beforeAll, describe, expect, it } from 'vitest';
import { analyse, type ReadyFile } from '../../../main/migrations/run/analysis.ts';
import { gooseStatements } from '../../../main/migrations/run/goose-statements.ts';
import { placeAt, placeOfError, placesIn, statementAt } from '../../../main/migrations/run/ready-unit.ts';
import { sectionsOf } from '../../../main/migrations/run/sections.ts';
import { openParser, type ParseStatement } from '../../../main/sql-text/index.ts';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';

let parse: ParseStatement;
beforeAll(async () => {
  parse = await openParser();
});
const look = (tool: MigrationToolId, text: string, direction: 'up' | 'down' = 'up'): ReadyFile =>
  analyse(tool, Buffer.from(text), direction, parse);

describe('goose’s splitter', () => {
  const split = (text: string, direction: 'up' | 'down' = 'up'): string[] =>
    gooseStatements(text, direction).statements.map((one) => one.text);

  it('ends a statement at a line whose last word before a comment ends with a semicolon', () => {
    expect(split('-- +goose Up\nSELECT 1; SELECT 2;\nSELECT\n 3; -- three\nSELECT 4\n;\n')).toEqual([
      'SELECT 1; SELECT 2;',
      'SELECT\n 3; -- three',
      'SELECT 4\n;',
    ]);
  });

  it('breaks a body that stands in no block, as goose does', () => {
    expect(split('-- +goose Up\nCREATE FUNCTION f() AS $$\nBEGIN\n  x;\nEND;\n$$;\n')).toEqual([
      'CREATE FUNCTION f() AS $$\nBEGIN\n  x;',
      'END;',
      '$$;',
    ]);
  });

  it('keeps a block whole, and leaves out comments and blank lines before a statement', () => {
    const text =
      '-- +goose Up\n\n-- a word\n-- +goose StatementBegin\nSELECT 1;\n-- inside\nSELECT 2;\n-- +goose StatementEnd\n-- +goose Down\nDROP x;\n';
    expect(split(text)).toEqual(['SELECT 1;\n-- inside\nSELECT 2;']);
    expect(split(text, 'down')).toEqual(['DROP x;']);
  });

  it('takes annotations in any case, and carriage returns', () => {
    expect(split('-- +GOOSE up\r\nSELECT 1;\r\n')).toEqual([]);
    expect(gooseStatements('-- +GOOSE up\r\nSELECT 1;\r\n', 'up').problems).toHaveLength(1);
    expect(split('--+goose UP\r\nSELECT\r\n1;\r\n')).toEqual(['SELECT\n1;']);
  });

  it('refuses what goose refuses, with the line', () => {
    const problem = (text: string) => gooseStatements(text, 'up').problems[0]?.line;
    expect(problem('SELECT 1;\n-- +goose Up\n')).toBe(1);
    expect(problem('-- +goose Up\n-- +goose Up\n')).toBe(2);
    expect(problem('-- +goose Up\nSELECT 1\n-- +goose Down\n')).toBe(2);
    expect(problem('-- +goose Up\n-- +goose StatementEnd\n')).toBe(2);
    expect(problem('-- +goose Up\n-- +goose Sideways\n')).toBe(2);
    expect(problem('-- +goose Up\nSELECT 1;\n')).toBeUndefined();
  });

  it('takes NO TRANSACTION for both directions', () => {
    expect(gooseStatements('-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n', 'down').transaction).toBe(
      false,
    );
  });
});

describe('dbmate’s sections', () => {
  it('hold their directive line, and end where the other begins', () => {
    const text = '-- by hand\n-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n';
    expect(sectionsOf('dbmate', text, 'up').parts).toEqual([
      { units: [{ text: '-- migrate:up transaction:false\nSELECT 1;\n', start: 11 }], transaction: 'none' },
    ]);
    expect(sectionsOf('dbmate', text, 'down').parts).toEqual([
      { units: [{ text: '-- migrate:down\nSELECT 2;\n', start: 53 }], transaction: 'own' },
    ]);
  });
});

describe('what is said of a file before it is run', () => {
  it('is of each statement: line, risk, locks, whether it rewrites and may be in a transaction', () => {
    const { statements, parts } = look('golang-migrate', '-- x\nALTER TABLE a ADD b int;\n\nDROP TABLE c;');
    expect(statements.map(({ line, risk, locks, rewrites }) => ({ line, risk, locks, rewrites }))).toEqual([
      { line: 2, risk: 'change', locks: [{ mode: 'ACCESS EXCLUSIVE', on: 'a' }], rewrites: 'no' },
      { line: 4, risk: 'destroy', locks: [{ mode: 'ACCESS EXCLUSIVE', on: 'c' }], rewrites: 'no' },
    ]);
    const [unit] = parts[0]?.units ?? [];
    expect(unit && placesIn(unit)).toBe(2);
    expect(unit && placeAt(unit, 1)).toEqual({ start: 31, end: 43, line: 4 });
    expect(unit && placeAt(unit, 2)).toBeUndefined();
  });

  it.each<[MigrationToolId, string, RegExp]>([
    ['golang-migrate', 'SELECT 1;\nVACUUM a;', /Line 2: VACUUM.* file of its own/],
    ['golang-migrate', 'SELECT 1;\nCREATE DATABASE a;', /Line 2: CREATE DATABASE/],
    [
      'dbmate',
      '-- migrate:up\nCREATE INDEX CONCURRENTLY i ON a (b);\n-- migrate:down\n',
      /Line 2.*transaction:false/,
    ],
    ['goose', '-- +goose Up\nDROP INDEX CONCURRENTLY i;\n', /Line 2.*NO TRANSACTION/],
    ['home-made', 'SELECT 1; ALTER SYSTEM SET a = 1;', /Line 1: ALTER SYSTEM/],
    [
      'golang-migrate',
      "ALTER TYPE m ADD VALUE 'sad';\nINSERT INTO p VALUES ('sad');",
      /Line 2: it seems to use the value 'sad', which line 1 adds/,
    ],
    [
      'dbmate',
      '-- migrate:up\nSELECT 1;\nCOMMIT;\n-- migrate:down\n',
      /Line 3: COMMIT ends the transaction that dbmate has begun/,
    ],
    ['golang-migrate', 'BEGIN;\nSELECT 1;\nCOMMIT;', /Line 3: what comes before COMMIT stays/],
    ['golang-migrate', "SELECT pg_catalog.set_config('search_path', '', false);", /empties the search path/],
  ])('%s: %j', (tool, text, words) => {
    expect(look(tool, text).faults).toEqual([expect.stringMatching(words)]);
  });

  it.each<[MigrationToolId, string]>([
    ['golang-migrate', 'CREATE INDEX CONCURRENTLY i ON a (b);'],
    ['goose', '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON a (b);\nVACUUM;\n'],
    ['dbmate', '-- migrate:up transaction:false\nVACUUM;\n-- migrate:down\n'],
    ['home-made', 'VACUUM;'],
    ['golang-migrate', "ALTER TYPE m ADD VALUE 'sad';\nSELECT 'glad';"],
    ['golang-migrate', ''],
    ['golang-migrate', '-- only a word\n;;'],
  ])('nothing is wrong in %s: %j', (tool, text) => {
    expect(look(tool, text)).toMatchObject({ faults: [], problems: [] });
  });

  it.each<[string, boolean]>([
    ['SELECT 1; SELECT 2;', true],
    ['CREATE INDEX CONCURRENTLY i ON a (b);', false],
    ['BEGIN; SELECT 1; COMMIT; SELECT 2;', false],
    ['CALL p();', false],
    ['CALL p(); SELECT 1;', true],
    ['this is no SQL', false],
  ])('%j is undone as a whole when it fails: %s', (text, undone) => {
    expect(look('golang-migrate', text).parts[0]?.undone).toBe(undone);
  });

  it('refuses psql’s commands and COPY’s rows in the direction that is run only', () => {
    const text = '-- migrate:up\nSELECT 1;\n-- migrate:down\n\\q\n';
    expect(look('dbmate', text).problems).toEqual([]);
    expect(look('dbmate', text, 'down').problems).toEqual([{ line: 4, what: expect.stringMatching(/psql/) }]);
    expect(look('golang-migrate', 'COPY a FROM stdin;\n1\n\\.\nSELECT 1;').problems[0]?.line).toBe(1);
    expect(look('golang-migrate', "SELECT '\\q', $$\\q$$; -- \\q\n").problems).toEqual([]);
  });

  it('tells Latin-1, null bytes and a byte order mark by their line; a home-made file may have the mark', () => {
    const of = (bytes: Buffer, tool: MigrationToolId = 'golang-migrate') => analyse(tool, bytes, 'up', parse);
    expect(of(Buffer.from('SELECT 1;\n-- \xe9', 'latin1')).problems[0]).toMatchObject({ line: 2 });
    expect(of(Buffer.from('SELECT 1;\n\0')).problems[0]).toMatchObject({ line: 2 });
    expect(of(Buffer.from('\ufeffSELECT 1;')).problems[0]).toMatchObject({ line: 1 });
    const home = of(Buffer.from('\ufeffSELECT 1;'), 'home-made');
    expect(home.problems).toEqual([]);
    expect(String(Buffer.from(home.parts[0]?.units[0]?.bytes ?? []))).toBe('SELECT 1;');
  });

  it('shows 2,000 statements of a file, and says so of more', () => {
    const { statements, faults, parts } = look('golang-migrate', 'SELECT 1;\n'.repeat(2500));
    expect(statements).toHaveLength(2000);
    expect(faults).toEqual(['Only the first 2000 of its 2500 statements are shown.']);
    expect(parts[0]?.units[0] && placesIn(parts[0].units[0])).toBe(2500);
  });
});

describe('places in a text that is kept as bytes', () => {
  const text = "-- grüße 🐘\nSELECT 'äöü';\n\nSELECT '🐘',\n  nothing;\n";
  const unitOf = () => look('golang-migrate', text).parts[0]?.units[0];

  it('are those of whole characters, however many bytes they have', () => {
    const unit = unitOf();
    expect(unit && [0, 1].map((index) => statementAt(unit, index, 2000))).toEqual([
      { line: 2, text: "SELECT 'äöü'" },
      { line: 4, text: "SELECT '🐘',\n  nothing" },
    ]);
    expect(unit && statementAt(unit, 0, 9)).toEqual({ line: 2, text: "SELECT '" });
  });

  it('of an error are found by the characters that the server counts', async () => {
    const unit = unitOf();
    const position = text.indexOf('nothing');
    const characters = [...text.slice(0, position)].length + 1;
    expect(unit && (await placeOfError(unit, characters, 0))).toEqual({
      line: 5,
      statement: "SELECT '🐘',\n  nothing",
    });
    expect(unit && (await placeOfError(unit, 0, 1))).toMatchObject({ line: 4 });
    expect(unit && (await placeOfError(unit, 0, 2))).toBeUndefined();
  });
});

it('golang-migrate’s x-multi-statement cuts at every semicolon and passes over blank pieces', () => {
  const of = (text: string) => {
    const { parts, problems } = sectionsOf('golang-migrate', text, 'up', { multiStatement: true });
    return problems.length ? problems : parts[0]?.units;
  };
  expect(of("SELECT ';';\n\n")).toEqual([
    { text: "SELECT ';", start: 0 },
    { text: "';", start: 9 },
  ]);
  expect(of('\n')).toEqual([]);
  expect(of(`SELECT 1;\nSELECT '${'x'.repeat(10 * 1024 * 1024)}'`)).toEqual([
    { line: 1, what: expect.stringMatching(/more than 10 MB/) },
  ]);
});
