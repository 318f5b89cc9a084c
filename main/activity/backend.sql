-- One backend, named by pid and start so that a recycled pid is never taken for it: its whole query text.
SELECT a.query, octet_length(a.query) AS query_bytes,
       current_setting('track_activity_query_size') AS track_size,
       s.version || ', ' || s.cipher || ', ' || s.bits || ' bits' AS ssl
FROM pg_catalog.pg_stat_activity a
LEFT JOIN pg_catalog.pg_stat_ssl s ON s.pid = a.pid AND s.ssl
WHERE a.pid = $1 AND a.backend_start::text IS NOT DISTINCT FROM $2::text
