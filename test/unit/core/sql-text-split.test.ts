import fc from 'fast-check';
import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { openParser, type ParseStatement, rolesNamedIn, splitScript } from '../../../main/sql-text/index.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const texts = (script: string): string[] =>
  splitScript(script).items.flatMap((item) => (item.kind === 'statement' ? [item.text] : []));

let parse: ParseStatement;
beforeAll(async () => {
  parse = await openParser();
});

describe('a script is split at semicolons', () => {
  test('but not at those in texts, names, comments and parentheses', () => {
    expect(
      texts(`SELECT ';', E'\\';', ";", $$;$$, $a$;$$;$a$ /* ; /* ; */ ; */ -- ;\n, (1); SELECT 2`),
    ).toEqual([`SELECT ';', E'\\';', ";", $$;$$, $a$;$$;$a$ /* ; /* ; */ ; */ -- ;\n, (1)`, 'SELECT 2']);
    expect(texts('CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3')).toHaveLength(2);
  });

  test('and not within a body of BEGIN ATOMIC, cases and all', () => {
    const body =
      'CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END; SELECT 4; END';
    expect(texts(`${body}; SELECT 5;`)).toEqual([body, 'SELECT 5']);
  });

  test('with a plain BEGIN and END being statements of their own', () => {
    expect(texts('BEGIN; SELECT 1; END; BEGIN; COMMIT')).toEqual([
      'BEGIN',
      'SELECT 1',
      'END',
      'BEGIN',
      'COMMIT',
    ]);
  });

  test('where a backslash counts in quotes only when the script says so', () => {
    expect(texts("SELECT '\\'; SELECT 1")).toEqual(["SELECT '\\'", 'SELECT 1']);
    expect(texts("SET standard_conforming_strings = off; SELECT '\\';'; SELECT 1")).toEqual([
      'SET standard_conforming_strings = off',
      "SELECT '\\';'",
      'SELECT 1',
    ]);
  });

  test('with no statement where there is only a comment', () => {
    expect(texts(' ;; -- nothing\n/* at all */;\n')).toEqual([]);
  });
});

test('every statement knows the line that it begins on, not that of the comment before it', () => {
  const { items } = splitScript('-- first\nSELECT 1;\r\n\r\nSELECT\n 2; SELECT $$\n\n$$;\nSELECT 4');
  expect(items.map(({ line }) => line)).toEqual([2, 4, 5, 8]);
});

test('commands of psql’s own are named with their lines, also behind a statement', () => {
  const { items } = splitScript(
    "\\restrict abc\r\nSELECT 1;\n\\c other\nSELECT 2 \\gexec\n\\copy t from 'a;b'\n",
  );
  expect(items.flatMap((item) => (item.kind === 'meta' ? [[item.text, item.line]] : []))).toEqual([
    ['\\restrict abc', 1],
    ['\\c other', 3],
    ['\\gexec', 4],
    ["\\copy t from 'a;b'", 5],
  ]);
});

test('rows behind COPY … FROM stdin are no statements, whatever is in them', () => {
  const script =
    "COPY t (a) FROM stdin;\n1'; DROP\n\\N\n\\.\nSELECT 1;\ncopy u from STDIN with (format csv);\n$$x\n\\.\n";
  const { items, problems } = splitScript(script);
  expect(problems).toEqual([]);
  expect(items.map(({ kind, line }) => [kind, line])).toEqual([
    ['statement', 1],
    ['rows', 2],
    ['statement', 5],
    ['statement', 6],
    ['rows', 7],
  ]);
});

test.each([
  ["SELECT 1;\nSELECT 'a;\n", 2, 'The text in quotes is not closed'],
  ['SELECT 1;\n\nSELECT "a', 3, 'The name in quotes is not closed'],
  ['\nSELECT $fn$ ; $$', 2, 'The text in $fn$ is not closed'],
  ['SELECT 1;\n/* a /* b */ ', 2, 'The comment is not closed'],
])('what is not closed is told with its line: %j', (script, line, what) => {
  expect(splitScript(script).problems).toEqual([{ line, what }]);
});

test('the server’s own parser finds the same statements in any script that it can read', () => {
  const pieces = [
    'SELECT 1',
    "SELECT 'a;''b'",
    "SELECT E'a\\';b\\\\'",
    'SELECT $$;$$, $x$ $$ ; $x$',
    'SELECT "a;""b" FROM t',
    'SELECT 1 /* ; /* ; */ */ + 2 -- ;\n',
    'SELECT ä.ö$1 FROM ü AS ä',
    "SELECT U&'\\0041;', B'01', X'ff', N';'",
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END',
    'CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END',
    "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'",
    'CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM u)',
    'BEGIN',
    'END',
    'SELECT 1 AS begin_, atomic FROM "end"',
    "SELECT a[1:2], b->>'c', 1*-2 FROM t WHERE x @> '{}'",
    '',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(';', ' ;\n', ';-- c;\n', ';/*;*/ ')), {
        maxLength: 12,
      }),
      (parts) => {
        const script = parts.map((part) => part.join('')).join('');
        const bytes = Buffer.from(script);
        const theirs = script.trim() === '' ? [] : (parseSync(script).stmts ?? []);
        const found = theirs.map(({ stmt_location: at = 0, stmt_len: length }) =>
          bytes.toString('utf8', at, length ? at + length : undefined),
        );
        const ours = texts(script);
        // The parser leaves comments before a statement in it.
        expect(ours.length).toBe(found.length);
        for (const [index, text] of ours.entries()) expect(found[index]).toContain(text);
      },
    ),
    { numRuns: 300 },
  );
});

test('any text at all is split without an error, and what is found stands where it is said to', () => {
  const bits = fc.constantFrom(
    "'",
    '"',
    '$',
    '$$',
    '$a$',
    'E',
    '\\',
    '--',
    '/*',
    '*/',
    ';',
    '(',
    ')',
    '\n',
    'a',
    ' ',
    '😀',
    'copy t from stdin;\n',
    '\\.\n',
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
      const script = parts.join('');
      let from = 0;
      for (const item of splitScript(script).items) {
        expect(item.start).toBeGreaterThanOrEqual(from);
        expect(item.end).toBeGreaterThanOrEqual(item.start);
        expect(item.line).toBe(script.slice(0, item.start).split('\n').length);
        if (item.kind !== 'rows') expect(item.text).toBe(script.slice(item.start, item.end));
        from = item.end;
      }
    }),
    { numRuns: 500 },
  );
});

test('a script of 50 MB is split in a few seconds', () => {
  const line = "INSERT INTO app.t (a, b) VALUES (1, 'it''s; so') ON CONFLICT DO NOTHING;\n";
  const script = line.repeat(Math.ceil((50 * 1024 * 1024) / line.length));
  const from = cpuTime();
  const { items } = splitScript(script);
  expect(items).toHaveLength(script.length / line.length);
  expect(items.at(-1)?.line).toBe(items.length);
  expect(cpuTime(from)).toBeLessThan(15_000);
}, 60_000);

describe('the server’s parser', () => {
  test('says what is wrong and on which line', () => {
    expect(parse("SELECT 'ü',\n  1\n  FORM t")).toEqual({ problem: 'syntax error at or near "t"', line: 3 });
    expect(parse('-- nothing')).toEqual({ empty: true });
  });

  test('names the roles of a statement where they stand', () => {
    const sql = 'GRANT SELECT ON "ü" TO app, "App Owner", PUBLIC, CURRENT_USER';
    const parsed = parse(sql);
    if (!('statement' in parsed)) throw new Error('It was not parsed.');
    const roles = rolesNamedIn(sql, parsed.statement);
    expect(roles.map(({ name, start, end }) => [name, sql.slice(start, end)])).toEqual([
      ['app', 'app'],
      ['App Owner', '"App Owner"'],
    ]);
  });
});
