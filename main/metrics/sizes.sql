-- Sizes of all databases this role may see. It walks the file system: slow beat only.
SELECT d.datname::text AS database,
       CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE')
            THEN pg_catalog.pg_database_size(d.oid)::float8 END AS bytes
FROM pg_catalog.pg_database d
WHERE d.datallowconn
ORDER BY 1
