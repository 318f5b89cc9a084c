-- Tables with a column of time, and those partitioned by the range of one column: size as of the last vacuum or analyze,
-- columns with whether an index begins with them. Takes no locks.
WITH RECURSIVE tree AS (
  SELECT c.oid AS top, c.oid
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
  UNION ALL
  SELECT tree.top, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.oid
),
sizes AS (
  SELECT
    tree.top,
    count(*)::int4 - 1 AS partitions,
    sum(CASE WHEN c.reltuples >= 0 AND c.relkind = 'r' THEN c.reltuples END)::float8 AS rows,
    sum(c.relpages)::float8 AS pages
  FROM tree
  JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid
  GROUP BY tree.top
),
times AS (
  SELECT
    a.attrelid,
    pg_catalog.json_agg(
      pg_catalog.json_build_object(
        'name', a.attname,
        'type', pg_catalog.format_type(a.atttypid, NULL),
        'indexed', EXISTS (
          SELECT FROM pg_catalog.pg_index AS x
          WHERE x.indrelid = a.attrelid AND x.indkey[0] = a.attnum AND x.indpred IS NULL
        ),
        'key', p.partattrs[0] = a.attnum AND p.partnatts = 1 AND p.partstrat = 'r'
      ) ORDER BY a.attnum
    ) AS columns
  FROM sizes
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = sizes.top AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = a.attrelid
  WHERE a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
    OR (p.partattrs[0] = a.attnum AND p.partnatts = 1 AND p.partstrat = 'r'
      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype))
  GROUP BY a.attrelid
)
SELECT
  n.nspname::text AS schema,
  c.relname::text AS "table",
  times.columns,
  sizes.rows,
  sizes.pages * pg_catalog.current_setting('block_size')::float8 AS bytes,
  sizes.partitions
FROM times
JOIN sizes ON sizes.top = times.attrelid
JOIN pg_catalog.pg_class AS c ON c.oid = times.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY sizes.pages DESC, 1, 2
LIMIT 500
