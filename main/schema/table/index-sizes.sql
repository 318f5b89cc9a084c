-- Bytes of the indexes of one table; of a partitioned one's, those of its partitions together. Waits for locks on them.
WITH RECURSIVE tree AS (
  SELECT i.indexrelid AS root, i.indexrelid AS oid FROM pg_catalog.pg_index i WHERE i.indrelid = $1
  UNION ALL
  SELECT tree.root, h.inhrelid FROM tree JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.oid
)
SELECT root::text AS oid, sum(pg_catalog.pg_relation_size(oid))::text AS bytes
FROM tree
GROUP BY root
