-- Sizes of these tables as they are now. It waits for whoever holds an ACCESS EXCLUSIVE lock on one of them.
SELECT c.oid, coalesce(pg_catalog.pg_relation_size(c.oid), 0)::float8 AS heap,
       (coalesce(pg_catalog.pg_relation_size(c.oid, 'fsm'), 0) + coalesce(pg_catalog.pg_relation_size(c.oid, 'vm'), 0)
        + coalesce(pg_catalog.pg_relation_size(c.oid, 'init'), 0))::float8 AS maps,
       CASE WHEN c.reltoastrelid = 0 THEN 0
            ELSE coalesce(pg_catalog.pg_total_relation_size(c.reltoastrelid), 0) END::float8 AS toast,
       coalesce(pg_catalog.pg_indexes_size(c.oid), 0)::float8 AS indexes
FROM pg_catalog.pg_class c
WHERE c.oid = ANY ($1::oid[])
