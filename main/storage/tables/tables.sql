-- Tables with what the last VACUUM or ANALYZE noted of their sizes; it waits for no lock on any of them.
WITH by_table AS MATERIALIZED (
  SELECT indrelid, sum(relpages) AS pages, count(*) AS number
  FROM pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid
  GROUP BY indrelid)
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       c.relpersistence::text AS persistence, s.spcname::text AS tablespace,
       CASE WHEN c.relispartition THEN i.inhparent END AS parent,
       c.reltuples::float8 AS tuples, c.relpages::float8 AS pages,
       pg_catalog.pg_stat_get_live_tuples(c.oid)::float8 AS live,
       pg_catalog.pg_stat_get_dead_tuples(c.oid)::float8 AS dead,
       pg_catalog.pg_stat_get_tuples_deleted(c.oid)::float8 AS deleted,
       (coalesce(t.relpages, 0) + coalesce(ti.pages, 0))::float8 AS toast_pages,
       coalesce(x.pages, 0)::float8 AS index_pages, coalesce(x.number, 0)::int4 AS indexes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN by_table x ON x.indrelid = c.oid
LEFT JOIN by_table ti ON ti.indrelid = c.reltoastrelid
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
