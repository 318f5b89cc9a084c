-- Every function, procedure and aggregate, without its body; those that make ranges come with their types.
SELECT p.oid, p.pronamespace, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), p.prokind,
       pg_catalog.pg_get_function_result(p.oid), p.prolang, p.provolatile, p.prosecdef, p.proowner, p.proacl
FROM pg_catalog.pg_proc p
WHERE p.pronamespace <> 'pg_catalog'::regnamespace AND p.oid >= 16384
  AND p.prosrc !~ '^(multi)?range_constructor[0-3]$'
