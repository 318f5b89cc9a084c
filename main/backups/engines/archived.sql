-- The cluster's identifier, and the segment that its archive_command took last, with when.
SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS cluster, last_archived_wal AS wal,
       (extract(epoch FROM last_archived_time) * 1000)::float8 AS at
FROM pg_catalog.pg_stat_archiver
