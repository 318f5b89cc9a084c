-- What the planner knows of the columns of these B-tree indexes. Of expressions it is the index that has statistics.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, t.relname::text AS "table",
       c.relpages::float8 AS pages, c.reltuples::float8 AS tuples, c.reloptions::text AS options,
       count(k.number)::int4 AS columns, count(s.attname)::int4 AS known,
       coalesce(sum((1 - s.null_frac) * s.avg_width), 0)::float8 AS width, coalesce(max(s.null_frac), 0)::float8 AS nulls
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (number, place)
LEFT JOIN pg_catalog.pg_attribute a ON k.number <> 0 AND a.attrelid = x.indrelid AND a.attnum = k.number
LEFT JOIN pg_catalog.pg_attribute e ON k.number = 0 AND e.attrelid = x.indexrelid AND e.attnum = k.place
LEFT JOIN pg_catalog.pg_stats s
  ON s.schemaname = n.nspname AND NOT s.inherited
  AND s.tablename = CASE WHEN k.number = 0 THEN c.relname ELSE t.relname END
  AND s.attname = coalesce(a.attname, e.attname)
WHERE m.amname = 'btree' AND c.relkind = 'i' AND c.relpages >= $1 AND x.indpred IS NULL
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
GROUP BY c.oid, n.nspname, c.relname, t.relname, c.relpages, c.reltuples, c.reloptions
