-- How often the indexes of one table were used. Waits for no lock.
SELECT c.oid::text AS oid, c.relname::text AS name, s.idx_scan::text AS scans, s.idx_tup_read::text AS tuples_read,
  ({{s.pg_stat_all_indexes.last_idx_scan::timestamptz}})::text AS last_scan
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
WHERE i.indrelid = $1
ORDER BY c.relname
