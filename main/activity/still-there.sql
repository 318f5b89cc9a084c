-- Which of these pids still are backends.
SELECT a.pid, a.backend_start::text AS backend_start, a.state, a.query_start::text AS query_start
FROM pg_catalog.pg_stat_activity a
WHERE a.pid = ANY ($1::int4[])
