-- Every type that is neither an array, nor a table's row, nor a multirange. A default can't refer to columns: printing it
-- with no relation opens none.
SELECT t.oid, t.typnamespace, t.typname, t.typtype, t.typisdefined, t.typowner, t.typacl, t.typrelid,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       t.typnotnull, pg_catalog.pg_get_expr(t.typdefaultbin, 0),
       t.typbasetype, t.typcollation
FROM pg_catalog.pg_type t
WHERE t.typnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
  AND t.typinput <> 'pg_catalog.array_in'::regproc
  AND t.typtype IN ('b', 'c', 'd', 'e', 'p', 'r')
  AND (t.typtype <> 'c' OR t.typrelid IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'c'))
