-- What this server is, since when, and how it was made.
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       pg_is_in_recovery() AS standby,
       (extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS started_at,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS server_now,
       (extract(epoch FROM pg_conf_load_time()) * 1000)::float8 AS config_loaded_at,
       current_setting('data_checksums') <> 'off' AS checksums,
       current_setting('wal_level') AS wal_level,
       (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS timezone,
       pg_encoding_to_char(database.encoding)::text AS encoding,
       database.datcollate::text AS collation,
       (SELECT min(name) FROM pg_settings
         WHERE name LIKE 'rds.%' OR name LIKE 'cloudsql.%' OR name LIKE 'azure.%') AS managed_by
  FROM pg_database AS database
 WHERE database.datname = current_database()
