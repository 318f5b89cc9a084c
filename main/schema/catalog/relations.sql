-- Every table, view, foreign table, sequence and composite type.
SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relispartition, c.relowner, c.relpersistence, c.reltuples,
       c.relpages, c.relrowsecurity, c.relforcerowsecurity, c.relispopulated, c.relam, c.reltablespace,
       c.relreplident, c.reloftype, c.reloptions, c.relacl, c.reltype
FROM pg_catalog.pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
  AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
