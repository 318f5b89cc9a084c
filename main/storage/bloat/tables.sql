-- What the planner knows of these tables' rows. pg_stats shows columns that this role may read, and no others.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relpages::float8 AS pages,
       c.reltuples::float8 AS tuples, c.reloptions::text AS options,
       count(a.attnum)::int4 AS columns, count(s.attname)::int4 AS known,
       coalesce(sum((1 - s.null_frac) * s.avg_width), 0)::float8 AS width, coalesce(max(s.null_frac), 0)::float8 AS nulls
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_stats s
  ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
WHERE c.relkind IN ('r', 'm') AND c.relpages >= $1 AND n.nspname NOT IN ('pg_catalog', 'information_schema')
GROUP BY c.oid, n.nspname, c.relname, c.relpages, c.reltuples, c.reloptions
