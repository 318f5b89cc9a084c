-- Which forms of pg_stat_statements_reset there are, by number of arguments, and whether this role may call them.
SELECT p.pronargs::int4 AS "arguments", has_function_privilege(p.oid, 'EXECUTE') AS "allowed"
FROM pg_proc AS p
JOIN pg_extension AS extension ON extension.extnamespace = p.pronamespace AND extension.extname = 'pg_stat_statements'
WHERE p.proname = 'pg_stat_statements_reset'
ORDER BY p.pronargs DESC
