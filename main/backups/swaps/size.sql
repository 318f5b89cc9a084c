-- The size of one database, by the server's walk through its files; nothing where the role may not see it.
SELECT pg_catalog.pg_database_size(d.oid)::float8 AS bytes
FROM pg_catalog.pg_database d
WHERE d.oid = $1::oid
  AND (pg_catalog.has_database_privilege(d.oid, 'CONNECT') OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'))
