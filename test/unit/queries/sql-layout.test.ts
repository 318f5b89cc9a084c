import { expect, it } from 'vitest';
import { layOut } from '../../../renderer/queries/top/sql-layout.ts';

it.each([
  [
    'SELECT a, (SELECT b FROM c WHERE d) FROM e LEFT JOIN f ON f.g = e.g WHERE h = $1 AND i BETWEEN $2 AND $3 ORDER BY a LIMIT $4',
    `SELECT a, (SELECT b FROM c WHERE d)
FROM e
LEFT JOIN f
  ON f.g = e.g
WHERE h = $1
  AND i BETWEEN $2 AND $3
ORDER BY a
LIMIT $4`,
  ],
  [
    'INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO UPDATE SET c = $2 RETURNING b',
    `INSERT INTO a (b)
VALUES ($1)
  ON CONFLICT (b) DO UPDATE SET c = $2
RETURNING b`,
  ],
  ['DELETE FROM a WHERE b IS DISTINCT FROM c', 'DELETE FROM a\nWHERE b IS DISTINCT FROM c'],
  [`SELECT ' from ', "where", $x$ and $x$ -- from`, `SELECT ' from ', "where", $x$ and $x$ -- from`],
  ['SELECT a\n  FROM b', 'SELECT a\n  FROM b'],
  ['SELECT count(*) FROM a FOR UPDATE', 'SELECT count(*)\nFROM a FOR UPDATE'],
])('breaks lines at clauses and changes nothing else: %s', (sql, laidOut) => {
  expect(layOut(sql).trimEnd()).toBe(laidOut);
  expect(layOut(sql).replaceAll(/\s+/g, ' ').trim()).toBe(sql.replaceAll(/\s+/g, ' '));
});
