-- Relations that may be a migration tool's state table: by a telling name ($1, a pattern), by a column that hardly
-- anything else has ($2), or, for narrow ones, by the whole set of their columns ($3, in the alphabet's order).
WITH candidate AS (
  SELECT c.oid, n.nspname, c.relname
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
    AND c.relnatts <= 24
    AND (
      c.relname ~* $1
      OR c.oid IN (
        SELECT a.attrelid
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attname = ANY ($2::name[]) AND a.attnum > 0 AND NOT a.attisdropped
      )
      OR (
        c.relnatts <= 5
        AND (
          SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C")
          FROM pg_catalog.pg_attribute AS a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) = ANY ($3::text[])
      )
    )
  ORDER BY n.nspname, c.relname
  LIMIT 1000
)
SELECT
  t.nspname AS schema,
  t.relname AS name,
  (
    SELECT json_agg(json_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull
    ) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS columns,
  k.conname AS "primaryKeyName",
  (
    SELECT json_agg(a.attname ORDER BY p.place)
    FROM unnest(k.conkey) WITH ORDINALITY AS p (attnum, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = p.attnum
  ) AS "primaryKey"
FROM candidate AS t
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = t.oid AND k.contype = 'p'
ORDER BY t.nspname, t.relname
