-- Indexes that one program's sessions are making, in the database asked.
SELECT c.relname::text AS name, i.phase,
       CASE WHEN i.blocks_total > 0 THEN (100.0 * i.blocks_done / i.blocks_total)::float8 END AS percent
FROM pg_catalog.pg_stat_progress_create_index i
JOIN pg_catalog.pg_stat_activity a USING (pid)
LEFT JOIN pg_catalog.pg_class c ON c.oid = i.relid
WHERE a.application_name = $1
