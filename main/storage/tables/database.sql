-- This database, its page size, and what it takes as a whole; null where the role may not ask.
SELECT pg_catalog.current_database()::text AS database,
       pg_catalog.current_setting('block_size')::int4 AS page,
       CASE WHEN pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CONNECT')
                 OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
            THEN pg_catalog.pg_database_size(pg_catalog.current_database())::float8 END AS bytes
