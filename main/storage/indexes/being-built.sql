-- Indexes that are being built. Of others' sessions a plain role sees only which tables are locked as a build locks them.
SELECT p.index_relid AS index, l.relation AS "table"
FROM pg_catalog.pg_stat_progress_create_index p
LEFT JOIN pg_catalog.pg_locks l ON l.pid = p.pid AND l.locktype = 'relation' AND l.granted
  AND l.mode IN ('ShareLock', 'ShareUpdateExclusiveLock')
WHERE p.datname = pg_catalog.current_database()
