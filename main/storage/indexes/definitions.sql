-- How these indexes were made. It waits for whoever holds an ACCESS EXCLUSIVE lock on one of them.
SELECT c.oid, pg_catalog.pg_get_indexdef(c.oid) AS definition
FROM pg_catalog.pg_class c
WHERE c.oid = ANY ($1::oid[])
