-- This database and the size of its pages, bytes.
SELECT pg_catalog.current_database()::text AS database, pg_catalog.current_setting('block_size')::int4 AS page
