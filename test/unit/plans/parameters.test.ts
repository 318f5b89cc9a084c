import { expect, it } from 'vitest';
import { conditionsOf } from '../../../main/queries/plans/index-ideas/conditions.ts';
import { parametersIn, withPlainParameters, withValues } from '../../../main/queries/plans/run/parameters.ts';
import { parser } from '../../../main/queries/plans/run/parser.ts';

it('parameters are found outside of strings, names, comments and bodies', () => {
  const text = `SELECT '$9', "$8", E'\\'$7', $$ $6 $$, $tag$ $5 $tag$, a$4 /* $3 */, $2 -- $10\n FROM t WHERE x = $1`;
  expect(parametersIn(text)).toBe(2);
  expect(withValues(text, ["o'clock", 'a\\b'])).toBe(
    text.replace('$2 --', " E'a\\\\b' --").replace('x = $1', "x = 'o''clock'"),
  );
  expect(withValues('SELECT $1::int, $2', ['5', null])).toBe("SELECT '5'::int, NULL");
  expect(parametersIn('SELECT 1')).toBe(0);
});

it('literals that pg_stat_statements replaced are written so that the server takes them', () => {
  const written: [string, string][] = [
    ['a > now() - interval $1 AND b < DATE $2', 'a > now() - $1::interval AND b < $2::DATE'],
    ['timestamp with time zone $1', '$1::timestamp with time zone'],
    ['EXTRACT($1 FROM a + interval $2)', 'pg_catalog.date_part($1,  a + $2::interval)'],
    ['interval_of($1) OR x = $2', 'interval_of($1) OR x = $2'],
    ["'interval $1' || $1", "'interval $1' || $1"],
  ];
  for (const [given, wanted] of written) expect(withPlainParameters(given)).toBe(wanted);
});

it('filters are taken apart by the server’s parser', async () => {
  const parse = await parser();
  const kinds = (filter: string): string[] =>
    conditionsOf(filter, 'e', parse).map(
      ({ kind, column, cast, known }) => `${kind} ${column}${cast ? `::${cast}` : ''}${known ? '!' : ''}`,
    );
  expect(kinds("((e.team_id = t.id) AND (e.at > (now() - '1 day'::interval)) AND (e.kind IS NULL))")).toEqual(
    ['equal team_id', 'range at!', 'null kind!'],
  );
  expect(
    kinds("((5 < id) AND ((status)::text = ANY ('{a,b}'::text[])) AND (NOT (hashed SubPlan 1)))"),
  ).toEqual(['range id!', 'equal status::text!', 'other ']);
  expect(kinds("((lower(e.name) = 'x') OR (e.id = 3))")).toEqual(['other ']);
  expect(kinds("((e.at <> date_trunc('day', e.at)) AND (e.x = (e.y + 1)) AND (e.z = random()))")).toEqual([
    'other ',
    'other ',
    'other ',
  ]);
  expect(kinds(`(${'('.repeat(5000)}a = 1${')'.repeat(5000)})`)).toEqual(['other ']);
});
