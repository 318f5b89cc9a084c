-- Ends one backend's session, if the pid still is that backend.
SELECT pg_catalog.pg_terminate_backend(a.pid) AS sent
FROM pg_catalog.pg_stat_activity a
WHERE a.pid = $1 AND a.backend_start::text IS NOT DISTINCT FROM $2::text
