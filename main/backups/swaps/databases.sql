-- All databases of the server: what a swap keeps is told from others by its oid.
SELECT oid::int8::float8 AS oid, datname::text AS name FROM pg_catalog.pg_database
