-- Which of these functions there are, and whether this role may call them.
SELECT proname AS name, bool_or(pg_catalog.has_function_privilege(oid, 'EXECUTE')) AS allowed
FROM pg_catalog.pg_proc
WHERE proname = ANY ($1)
GROUP BY proname
