-- Who works in a database, and with which program.
SELECT usename::text AS role, coalesce(nullif(application_name, ''), '?') AS application,
       pg_catalog.count(*)::int AS count
FROM pg_catalog.pg_stat_activity
WHERE datid = $1 AND pid <> pg_catalog.pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
