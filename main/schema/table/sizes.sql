-- Bytes of one table that is stored, and of what belongs to it. Waits for locks on them.
SELECT pg_catalog.pg_total_relation_size(c.oid)::text AS total,
  pg_catalog.pg_relation_size(c.oid)::text AS heap,
  coalesce(pg_catalog.pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::text AS toast,
  pg_catalog.pg_indexes_size(c.oid)::text AS indexes
FROM pg_catalog.pg_class c
WHERE c.oid = $1
