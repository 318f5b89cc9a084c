-- What this server is and who we are on it.
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_number,
       pg_is_in_recovery() AS standby,
       (extract(epoch FROM pg_postmaster_start_time()) * 1000)::float8 AS started_at,
       current_database()::text AS database,
       current_user::text AS "user",
       current_setting('is_superuser') = 'on' AS superuser,
       current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int
         + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) AS reserved_connections
