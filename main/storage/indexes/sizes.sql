-- Sizes of these indexes as they are now. It waits for whoever holds an ACCESS EXCLUSIVE lock on one of them.
SELECT c.oid, coalesce(pg_catalog.pg_total_relation_size(c.oid), 0)::float8 AS bytes
FROM pg_catalog.pg_class c
WHERE c.oid = ANY ($1::oid[])
