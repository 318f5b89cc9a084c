-- Working databases that bear our name and our comment; or none, where who made it died before it could say.
SELECT d.oid, d.datname::text AS name, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
FROM pg_catalog.pg_database d
WHERE d.datname ~ '^howdah_restore_[0-9a-f]{12}$'
  AND coalesce(pg_catalog.shobj_description(d.oid, 'pg_database'), 'Howdah: ') LIKE 'Howdah: %'
  AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
ORDER BY d.datname
