-- Names of all users and databases by oid.
SELECT 'user' AS kind, oid::int8::float8 AS oid, rolname::text AS name FROM pg_roles
UNION ALL
SELECT 'database', oid::int8::float8, datname::text FROM pg_database
