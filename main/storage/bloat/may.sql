-- Whether this role may call a function of an extension; null where there is no such function.
SELECT pg_catalog.has_function_privilege(p.oid, 'EXECUTE') AS allowed
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1 AND p.proname = $2 AND pg_catalog.oidvectortypes(p.proargtypes) = 'regclass'
