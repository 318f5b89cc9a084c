-- How far the counters can be trusted, and who else may use the indexes: whatever is read at standbys counts there.
SELECT pg_catalog.current_setting('track_counts')::bool AS is_on,
       (date_part('epoch', coalesce(d.stats_reset, pg_catalog.pg_postmaster_start_time())) * 1000)::float8 AS since,
       (date_part('epoch', pg_catalog.clock_timestamp()) * 1000)::float8 AS now,
       pg_catalog.pg_is_in_recovery() AS is_standby,
       (SELECT count(*)::int4 FROM (
          SELECT slot_name::text FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical'
          UNION ALL
          SELECT r.pid::text FROM pg_catalog.pg_stat_replication r
          WHERE r.state IS DISTINCT FROM 'backup'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots l WHERE l.active_pid = r.pid)) one) AS standbys
FROM pg_catalog.pg_stat_database d
WHERE d.datname = pg_catalog.current_database()
