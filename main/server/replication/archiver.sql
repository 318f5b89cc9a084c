-- How archiving of WAL fares.
SELECT archived_count AS archived, last_archived_wal AS last_archived,
       (extract(epoch FROM last_archived_time) * 1000)::float8 AS last_archived_at,
       failed_count AS failed, last_failed_wal AS last_failed,
       (extract(epoch FROM last_failed_time) * 1000)::float8 AS last_failed_at
  FROM pg_stat_archiver
