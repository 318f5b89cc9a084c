-- Relations of this database that somebody holds, or waits for, so that nobody may even look at them.
SELECT l.relation::int8
FROM pg_catalog.pg_locks l
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
