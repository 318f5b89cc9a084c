-- Roles that own or were given something here, and whether who asks may do what they may.
SELECT rolname::text AS name, pg_catalog.pg_has_role(oid, 'MEMBER') AS "isOurs"
FROM pg_catalog.pg_roles
WHERE rolname = current_user OR oid IN (
  SELECT refobjid FROM pg_catalog.pg_shdepend
  WHERE refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    AND dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)
