-- What a dump may hold rows of, with what stands in its way; nothing here waits for a lock.
SELECT c.oid::int8::text AS oid,
       n.nspname AS schema,
       c.relname AS name,
       c.relkind AS kind,
       c.relpages::int8::text AS pages,
       c.reltuples::float8 AS rows,
       coalesce(t.relpages, 0)::int8::text AS toast_pages,
       e.objid IS NOT NULL AS of_extension,
       has_schema_privilege(n.oid, 'USAGE') AS may_enter,
       CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
            ELSE has_table_privilege(c.oid, 'SELECT') END AS may_read,
       c.relrowsecurity AND row_security_active(c.oid) AS is_filtered,
       c.relpersistence = 'u' AS is_unlogged
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_depend e
    ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.objsubid = 0
   AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
   AND NOT EXISTS (SELECT FROM pg_extension x WHERE x.oid = e.refobjid AND c.oid = ANY (x.extconfig))
 WHERE c.relkind IN ('r', 'p', 'S')
   AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_'
   AND n.nspname <> 'information_schema'
