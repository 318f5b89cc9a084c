-- Version 14 and later: what a dump's sessions read at the moment, by the dump's own name of the application.
SELECT p.relid::int8::text AS oid, p.bytes_processed::text AS bytes
  FROM pg_stat_progress_copy p
  JOIN pg_stat_activity a USING (pid)
 WHERE a.application_name = $1
