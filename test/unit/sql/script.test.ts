import { beforeAll, describe, expect, it } from 'vitest';
import { bind, readScript } from '../../../main/sql/script/index.ts';
import { openParser, type ParseStatement } from '../../../main/sql-text/index.ts';

let parse: ParseStatement;
beforeAll(async () => {
  parse = await openParser();
});

const only = (text: string) => {
  const [statement] = readScript(text, parse).statements;
  if (!statement) throw new Error('There is no statement.');
  return statement;
};

describe('the class of a statement', () => {
  it.each([
    ['read', 'SELECT now(), count(*) FROM t'],
    ['read', 'WITH a AS (SELECT 1) TABLE t'],
    ['read', 'VALUES (1), (2)'],
    ['read', 'EXPLAIN DELETE FROM t'],
    ['read', 'EXPLAIN (ANALYZE off) DELETE FROM t'],
    ['destroy', 'EXPLAIN (ANALYZE) DELETE FROM t'],
    ['change', 'EXPLAIN ANALYZE INSERT INTO t VALUES (1)'],
    ['read', 'EXPLAIN ANALYZE SELECT 1'],
    ['change', 'SELECT * INTO u FROM t'],
    ['change', 'SELECT * FROM t FOR UPDATE'],
    ['change', 'SELECT * FROM (SELECT * FROM t FOR SHARE) s'],
    ['destroy', 'WITH gone AS (DELETE FROM t RETURNING *) SELECT count(*) FROM gone'],
    ['change', 'WITH made AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM made'],
    ['destroy', 'WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone'],
    ['change', 'UPDATE t SET a = 1 WHERE b = 2'],
    ['destroy', 'DELETE FROM t WHERE a = 1'],
    ['destroy', 'TRUNCATE t'],
    ['destroy', 'DROP TABLE t'],
    ['change', 'CREATE INDEX ON t (a)'],
    ['change', 'DO $$ BEGIN END $$'],
    ['change', 'CALL p()'],
    ['read', 'BEGIN'],
    ['read', 'SET work_mem = 1000'],
    ['read', 'COPY t TO STDOUT'],
    ['change', `COPY t TO PROGRAM 'cat'`],
    ['change', 'COPY t FROM STDIN'],
    ['change', 'this is no SQL'],
  ])('is %s: %s', (risk, text) => {
    expect(only(text).risk).toBe(risk);
  });

  it('names what is to be known before', () => {
    expect(only('UPDATE t SET a = 1').warnings).toEqual(['It has no WHERE: every row is written anew.']);
    expect(only('DELETE FROM t').warnings).toEqual(['It has no WHERE: every row goes.']);
    expect(only('DROP TABLE t CASCADE').warnings).toContain('CASCADE: what depends on it goes, too.');
    expect(only('CREATE INDEX CONCURRENTLY i ON t (a)').outsideTransaction).toBe(true);
    expect(only('START TRANSACTION').transaction).toBe('begins');
    expect(only('ROLLBACK TO a').transaction).toBeNull();
    expect(only('END').transaction).toBe('ends');
  });

  it('knows parameters in it, and still understands it', () => {
    const statement = only(
      `SELECT :'a', ":b" FROM :"t" WHERE id = :id AND x[1:n] = '12:30' AND y::text <> :a -- :c`,
    );
    expect(statement).toMatchObject({ parameters: ['a', 't', 'id'], risk: 'read', problem: null });
    expect(only('DELETE FROM t WHERE id = :n').risk).toBe('destroy');
  });

  it('gives places in the text, psql’s commands, and what is not closed', () => {
    const text = "SELECT 1;\n\\d t\n-- a word\nDROP TABLE t; SELECT 'open";
    const { statements, problems, count } = readScript(text, parse);
    expect(statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      'SELECT 1',
      '\\d t',
      'DROP TABLE t',
      "SELECT 'open",
    ]);
    expect(statements.map(({ kind, line, command }) => [kind, line, command])).toEqual([
      ['statement', 1, 'SELECT'],
      ['meta', 2, '\\d'],
      ['statement', 4, 'DROP TABLE'],
      ['statement', 4, 'SELECT'],
    ]);
    expect(count).toBe(4);
    expect(problems).toEqual([{ line: 4, what: expect.stringContaining('quote') }]);
  });
});

describe('parameters', () => {
  it('go beside the text, each once, and places lead back', () => {
    const text = 'SELECT :long_name, :b, :long_name, oops';
    const bound = bind(text, { long_name: '1', b: null }, true);
    expect(bound).toMatchObject({ text: 'SELECT $1, $2, $1, oops', values: ['1', null] });
    expect(text.slice(bound.back(bound.text.indexOf('oops')))).toBe('oops');
    expect(bound.back(3)).toBe(3);
  });

  it('are literals and identifiers where the server takes no values, whatever they hold', () => {
    const values = { v: `it's`, w: 'back\\slash', n: 'odd "name"' };
    expect(bind(`ALTER ROLE :"n" SET a.b = :'v'`, values, false).text).toBe(
      `ALTER ROLE "odd ""name""" SET a.b = 'it''s'`,
    );
    expect(bind('SET a.b = :w', values, false).text).toBe(`SET a.b =  E'back\\\\slash'`);
  });

  it('are none in quotes, comments, bodies and casts, and stay where no value is given', () => {
    const text = `SELECT ':a', ":a", $q$ :a $q$, E'\\':a', /* :a /* :a */ :a */ x::a, :other -- :a`;
    expect(bind(text, { a: '1' }, true).text).toBe(text);
  });
});
