-- What keeps a database from being renamed or dropped, or goes with it.
SELECT 'subscription' AS kind, subname::text AS name, false AS active
FROM pg_catalog.pg_subscription
WHERE subdbid = $1
UNION ALL
SELECT 'slot', slot_name::text, active FROM pg_catalog.pg_replication_slots WHERE datoid = $1
UNION ALL
SELECT 'prepared', gid, true
FROM pg_catalog.pg_prepared_xacts
WHERE database = (SELECT datname FROM pg_catalog.pg_database WHERE oid = $1)
