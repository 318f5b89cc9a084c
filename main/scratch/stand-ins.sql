-- Roles that stand in for others by their very name.
SELECT rolname::text AS name FROM pg_catalog.pg_roles
WHERE NOT rolcanlogin AND pg_catalog.shobj_description(oid, 'pg_authid') = $1
