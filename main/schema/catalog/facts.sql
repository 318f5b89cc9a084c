-- What the server is and who asks; which database, by the server's clock (ms since 1970).
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_number,
       current_database()::text AS database,
       current_user::text AS "user",
       floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at,
       (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS superuser
