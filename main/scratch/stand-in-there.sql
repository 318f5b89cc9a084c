-- Whether a role of that name is a stand-in; no row when there is no such role.
SELECT coalesce(pg_catalog.shobj_description(oid, 'pg_authid') = $2, false) AND NOT rolcanlogin AS ours
FROM pg_catalog.pg_roles WHERE rolname = $1
