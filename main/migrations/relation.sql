-- Whether a schema ($1) and a relation with rows ($2) are there, and its columns in order; `isText`: of a type for texts,
-- domains over one included.
SELECT
  n.oid IS NOT NULL AS "hasSchema",
  c.oid IS NOT NULL AS "hasRelation",
  coalesce(
    (
      SELECT json_agg(json_build_object('name', a.attname, 'isText', t.typcategory = 'S') ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ),
    '[]'
  ) AS columns
FROM (SELECT $1::text AS schema, $2::text AS name) AS wanted
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
LEFT JOIN pg_catalog.pg_class AS c
  ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
