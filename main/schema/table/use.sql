-- How one table is used and when it was cleaned. Waits for no lock.
SELECT c.oid::text AS oid,
  c.relkind IN ('r', 'm') AS stored,
  s.n_live_tup::text AS live_rows, s.n_dead_tup::text AS dead_rows,
  s.n_mod_since_analyze::text AS modified, s.seq_scan::text AS sequential_scans, s.idx_scan::text AS index_scans,
  s.n_tup_ins::text AS inserted, s.n_tup_upd::text AS updated, s.n_tup_hot_upd::text AS hot_updated,
  s.n_tup_del::text AS deleted, io.heap_blks_hit::text AS heap_hits, io.heap_blks_read::text AS heap_reads,
  s.last_vacuum::text AS last_vacuum, s.last_autovacuum::text AS last_autovacuum,
  s.last_analyze::text AS last_analyze, s.last_autoanalyze::text AS last_autoanalyze,
  ({{s.pg_stat_all_tables.last_seq_scan::timestamptz}})::text AS last_sequential_scan,
  d.stats_reset::text AS counted_since
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
LEFT JOIN pg_catalog.pg_statio_all_tables io ON io.relid = c.oid
LEFT JOIN pg_catalog.pg_stat_database d ON d.datname = current_database()
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
