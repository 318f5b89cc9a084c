-- Bytes of one table, of its partitions if it has any, and of its indexes. Waits for locks on them.
WITH RECURSIVE tree AS (
  SELECT $1::oid AS oid
  UNION ALL
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
)
SELECT sum(pg_catalog.pg_relation_size(oid))::text AS heap_bytes,
       sum(pg_catalog.pg_table_size(oid))::text AS table_bytes,
       sum(pg_catalog.pg_indexes_size(oid))::text AS index_bytes,
       sum(pg_catalog.pg_total_relation_size(oid))::text AS total_bytes,
       nullif(count(*) - 1, 0)::text AS partitions
FROM tree
