-- Functions of the database's own that look as if they dropped old partitions of a table: name and whole number in, DROP TABLE inside.
SELECT n.nspname::text AS schema, p.proname::text AS name
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.prokind = 'f'
  AND p.pronargs = 2
  AND p.proargtypes[0] IN ('text'::regtype, 'varchar'::regtype, 'name'::regtype, 'regclass'::regtype)
  AND p.proargtypes[1] IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  AND p.proname ~* '(drop|remove|delete|purge|prune|expire).*partition'
  AND p.prosrc ~* 'drop\s+table'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  )
ORDER BY 1, 2
LIMIT 20
