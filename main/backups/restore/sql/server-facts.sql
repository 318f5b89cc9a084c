-- What this server is, and what we may do on it.
SELECT pg_catalog.current_setting('server_version_num')::int AS version,
       pg_catalog.current_setting('server_version') AS version_text,
       pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.current_setting('default_transaction_read_only') = 'on' AS read_only,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'data_directory') AS data_directory,
       pg_catalog.pg_backend_pid() AS pid,
       r.rolname::text AS role,
       r.rolsuper AS superuser,
       r.rolcreatedb AS can_create,
       r.rolsuper OR pg_catalog.pg_has_role(r.oid, 'pg_signal_backend', 'USAGE') AS can_signal
FROM pg_catalog.pg_roles r
WHERE r.rolname = current_user
