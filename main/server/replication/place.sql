-- What this server is in replication, its clock, and how much WAL a slot may keep.
SELECT pg_is_in_recovery() AS standby,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS server_now,
       current_setting('archive_mode') AS archive_mode,
       (SELECT setting::bigint * 1048576 FROM pg_settings
         WHERE name = 'max_slot_wal_keep_size' AND setting::bigint >= 0) AS slot_limit,
       pg_has_role('pg_read_all_stats', 'USAGE') AS all_stats,
       current_user::text AS "user"
