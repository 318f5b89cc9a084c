-- Who inherits from whom, or is whose partition: tables and indexes.
SELECT i.inhrelid, i.inhparent
FROM pg_catalog.pg_inherits i
ORDER BY i.inhrelid, i.inhseqno
