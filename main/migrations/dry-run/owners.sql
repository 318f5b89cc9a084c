-- The roles that stand in for others in a scratch database.
SELECT rolname::text AS name FROM pg_catalog.pg_roles WHERE pg_catalog.starts_with(rolname::text, $1::text || '.')
