-- How statements are counted here: the extension in this database, the settings that matter, and what this role sees. Not by pg_settings: that prints all there are.
SELECT extension.extversion AS "version",
  namespace.nspname AS "schema",
  has_schema_privilege(namespace.oid, 'USAGE') AS "usable",
  (1000000 * extract(epoch FROM clock_timestamp()))::int8::float8 AS "serverAt",
  (1000000 * extract(epoch FROM pg_postmaster_start_time()))::int8::float8 AS "startedAt",
  current_user::text AS "role",
  current_setting('is_superuser') = 'on' OR pg_has_role('pg_read_all_stats', 'USAGE') AS "seesAll",
  (inet_server_addr() || ' ' || inet_server_port()) AS "place",
  current_database()::text AS "database",
  (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()) AS "encoding",
  (SELECT json_object_agg(name, current_setting(name, true)) FROM unnest($1::text[]) AS asked (name)) AS "settings",
  (SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles
   WHERE rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin')) AS "providerRoles"
FROM (VALUES (1)) AS one
LEFT JOIN pg_extension AS extension ON extension.extname = 'pg_stat_statements'
LEFT JOIN pg_namespace AS namespace ON namespace.oid = extension.extnamespace
