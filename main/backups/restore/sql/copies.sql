-- PostgreSQL 14 and later: what COPY has taken in, by session of one program.
SELECT c.pid, c.relid, c.bytes_processed::float8 AS bytes
FROM pg_catalog.pg_stat_progress_copy c
JOIN pg_catalog.pg_stat_activity a USING (pid)
WHERE a.application_name = $1
