-- Bytes of many tables. What somebody holds so that nobody may look at it is left out; what was just taken is waited for.
WITH held AS MATERIALIZED (
  SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
)
SELECT c.oid::text AS oid,
  pg_catalog.pg_total_relation_size(c.oid)::text AS total,
  pg_catalog.pg_relation_size(c.oid)::text AS heap,
  coalesce(pg_catalog.pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::text AS toast,
  pg_catalog.pg_indexes_size(c.oid)::text AS indexes
FROM pg_catalog.pg_class c
WHERE c.oid = ANY ($1::oid[])
  AND NOT EXISTS (
    SELECT FROM held
    WHERE held.relation IN (c.oid, c.reltoastrelid)
      OR held.relation IN (SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid))
