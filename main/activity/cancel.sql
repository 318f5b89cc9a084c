-- Cancels one backend's statement, if the pid still is that backend.
SELECT pg_catalog.pg_cancel_backend(a.pid) AS sent
FROM pg_catalog.pg_stat_activity a
WHERE a.pid = $1 AND a.backend_start::text IS NOT DISTINCT FROM $2::text
