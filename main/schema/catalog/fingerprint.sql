-- Whether anything has changed: of each catalogue, how many rows, and the sum of the ages of the transactions that wrote
-- them; ages grow together, as that of transaction 3 does. A row that is written anew is younger. Of rows that are only
-- counted anew (reltuples), the counts are summed up. What each catalogue adds is in fingerprint-catalog.sql. Temporary
-- tables come and go with sessions, and are in no model.
WITH temporary AS (SELECT oid FROM pg_catalog.pg_class WHERE relpersistence = 't')
SELECT 'epoch' AS catalog, txid_snapshot_xmax(txid_current_snapshot()) >> 32 AS rows, age('3'::xid)::numeric AS age
UNION ALL
SELECT 'user', 0, hashtext(current_user)
UNION ALL
SELECT 'counted', count(*), sum(reltuples::float8 + relpages)::numeric FROM pg_catalog.pg_class
WHERE relkind IN ('r', 'p', 'm', 'f') AND oid >= 16384 AND relpersistence <> 't'
UNION ALL
SELECT 'roles', count(*), sum(pg_catalog.hashtext(rolname)) FROM pg_catalog.pg_roles
UNION ALL
SELECT 'mappings', count(*), sum(pg_catalog.hashtext(m::text)::int8)
FROM (SELECT umid, srvname, umuser FROM pg_catalog.pg_user_mappings) m
UNION ALL
SELECT 'subscriptions', count(*), sum(pg_catalog.hashtext(s::text)::int8)
FROM (SELECT subname, subowner, subenabled, subslotname, subpublications FROM pg_catalog.pg_subscription) s
UNION ALL
SELECT 'schemas', count(*), sum(xmin::text::int8) FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
