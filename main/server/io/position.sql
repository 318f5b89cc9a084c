-- Clock, start, position in the WAL, and what is read into shared buffers: counters that every version has.
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS server_now,
       (extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS started_at,
       (CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
             ELSE pg_current_wal_lsn() END - '0/0')::text AS wal,
       (SELECT sum(blks_read) * current_setting('block_size')::bigint FROM pg_stat_database)::text AS read,
       current_setting('track_io_timing') = 'on' AS timed
