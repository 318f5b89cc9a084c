import { describe, expect, test } from 'vitest';
import { decode, planFolder, upSection } from '../../../main/sql-text/index.ts';

const plan = (files: Record<string, string> | string[]) => {
  const contents = Array.isArray(files) ? Object.fromEntries(files.map((path) => [path, ''])) : files;
  return planFolder({ paths: Object.keys(contents), read: (path) => contents[path] ?? '' });
};
const order = (files: Record<string, string> | string[]) => {
  const answer = plan(files);
  if ('problem' in answer) throw new Error(answer.problem);
  return [answer.plan.convention, answer.plan.files];
};
const problem = (files: Record<string, string> | string[]) => {
  const answer = plan(files);
  return 'problem' in answer ? answer.problem : undefined;
};

describe('a folder’s files run in the order of the tool that they are for', () => {
  test('golang-migrate: by number, without those that go back', () => {
    expect(
      order(['10_c.up.sql', '9_b.up.sql', '10_c.down.sql', '001_a.up.sql', '9_b.down.sql', 'README.md']),
    ).toEqual(['golang-migrate', ['001_a.up.sql', '9_b.up.sql', '10_c.up.sql']]);
    expect(problem(['1_a.up.sql', '01_b.up.sql'])).toContain('same version: 1_a.up.sql and 01_b.up.sql');
  });

  test('Flyway: versions by their numbers, then what is repeated; a baseline takes the place of all before it', () => {
    expect(
      order([
        'sql/R__b.sql',
        'V1_10__d.sql',
        'V1.2__c.sql',
        'V1__a.sql',
        'V1.1__b.sql',
        'U1__a.sql',
        'R__a.sql',
      ]),
    ).toEqual([
      'flyway',
      ['V1__a.sql', 'V1.1__b.sql', 'V1.2__c.sql', 'V1_10__d.sql', 'R__a.sql', 'sql/R__b.sql'],
    ]);
    expect(order(['V1__a.sql', 'V2__b.sql', 'B2__all.sql', 'V3__c.sql'])).toEqual([
      'flyway',
      ['B2__all.sql', 'V3__c.sql'],
    ]);
    expect(problem(['V1__a.sql', 'V1.0__b.sql'])).toContain('same version');
  });

  test('Prisma and Diesel: a folder each', () => {
    expect(order(['20240102_b/migration.sql', '20240101_a/migration.sql', 'migration_lock.toml'])).toEqual([
      'prisma',
      ['20240101_a/migration.sql', '20240102_b/migration.sql'],
    ]);
    expect(order(['00_a/up.sql', '00_a/down.sql', '01_b/up.sql'])).toEqual([
      'diesel',
      ['00_a/up.sql', '01_b/up.sql'],
    ]);
  });

  test('Sqitch: as its plan says', () => {
    const sqitch =
      '%syntax-version=1.0.0\n%project=x\n\nzeta 2024-01-01T00:00:00Z A <a@b> # first\n@v1 2024\nalpha [zeta] 2024-01-02T00:00:00Z A <a@b>\n';
    const files = {
      'sqitch.plan': sqitch,
      'deploy/alpha.sql': '',
      'deploy/zeta.sql': '',
      'revert/zeta.sql': '',
    };
    expect(order(files)).toEqual(['sqitch', ['deploy/zeta.sql', 'deploy/alpha.sql']]);
    expect(problem({ 'sqitch.plan': sqitch, 'deploy/zeta.sql': '' })).toContain('deploy/alpha.sql');
  });

  test('dbmate by name, goose by number', () => {
    expect(order({ '10_b.sql': '-- migrate:up\n', '9_a.sql': '-- migrate:up\n' })[1]).toEqual([
      '10_b.sql',
      '9_a.sql',
    ]);
    expect(order({ '10_b.sql': '-- +goose Up\n', '9_a.sql': '-- +goose Up\n' })[1]).toEqual([
      '9_a.sql',
      '10_b.sql',
    ]);
  });

  test('anything else: by name, numbers by their value, without what undoes', () => {
    expect(order(['10_c.sql', '2_b.sql', '2_b.down.sql', '1_a.sql', 'down/1_a.sql'])).toEqual([
      'plain',
      ['1_a.sql', '2_b.sql', '10_c.sql'],
    ]);
    expect(order(['20240101000000_a.sql', '20231231000000_b.sql'])[1]).toEqual([
      '20231231000000_b.sql',
      '20240101000000_a.sql',
    ]);
  });

  test('and what is left lying is told', () => {
    const answer = plan(['1_a.sql', 'seeds/x.sql', 'down/1_a.sql']);
    expect('plan' in answer && answer.plan.ignored).toEqual([
      { path: 'seeds/x.sql', why: 'It is in a folder below; only the files at the top are run.' },
    ]);
  });
});

test.each([
  [[], 'it is empty'],
  [['README.md'], 'it holds no SQL files'],
  [['20240101_a.rb'], 'Rails'],
  [['20240101_a.js'], 'Knex'],
  [['versions/0001_a.py'], 'Alembic'],
])('a folder without SQL says what it is: %j', (files, said) => {
  expect(problem(files)).toContain(said);
});

describe('of a file only the part that builds up is run, and its lines keep their numbers', () => {
  test('dbmate', () => {
    const text = '-- migrate:up transaction:false\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n';
    expect(upSection('dbmate', text)).toEqual({
      text: '-- migrate:up transaction:false\nCREATE TABLE a ();\n\n\n\n',
      noTransaction: true,
      problems: [],
    });
    expect(upSection('dbmate', 'CREATE TABLE a ();').problems).toHaveLength(1);
  });

  test('goose', () => {
    const text =
      '-- +goose NO TRANSACTION\r\n-- +goose up\r\nSELECT 1;\r\n-- +goose Down\r\nDROP TABLE a;\r\n';
    const { text: kept, noTransaction } = upSection('goose', text);
    expect(kept.split('\n').map((line) => line.trim())).toEqual([
      '',
      '-- +goose up',
      'SELECT 1;',
      '',
      '',
      '',
    ]);
    expect(noTransaction).toBe(true);
    expect(upSection('goose', '-- +goose Up\n-- +goose ENVSUB ON\n').problems).toEqual([
      { line: 2, what: 'takes values from the environment (ENVSUB), which is not supported' },
    ]);
  });
});

describe('bytes are read as text', () => {
  test('in UTF-8 with or without a mark, and in UTF-16 with one', () => {
    for (const bytes of [
      Buffer.from('ü'),
      Buffer.from('\ufeffü'),
      Buffer.from('\ufeffü', 'utf16le'),
      Buffer.from('\ufeffü', 'utf16le').swap16(),
    ]) {
      expect(decode(bytes)).toEqual({ text: 'ü', problems: [] });
    }
  });

  test('and where they are none, the line is told', () => {
    expect(decode(Buffer.from('a\nb\nf\xfcr\n', 'latin1')).problems).toEqual([
      { line: 3, what: 'is not UTF-8; save the file as UTF-8' },
    ]);
    expect(decode(Buffer.from('a\n\0')).problems).toEqual([{ line: 2, what: 'holds a NUL byte' }]);
  });
});
