-- The roles of one scratch database: its owner, the one that logs in, and those that stand in for others.
SELECT rolname::text AS name
FROM pg_catalog.pg_roles
WHERE rolname::text IN ($1::text, $1::text || '_run') OR pg_catalog.starts_with(rolname::text, $1::text || '.')
