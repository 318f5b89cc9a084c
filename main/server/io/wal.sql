-- WAL written (14+).
SELECT w.wal_records AS records, w.wal_fpi AS full_page_images, w.wal_bytes::text AS bytes,
       w.wal_buffers_full AS buffers_full,
       {{w.pg_stat_wal.wal_write::bigint}} AS writes, {{w.pg_stat_wal.wal_sync::bigint}} AS syncs,
       (extract(epoch FROM w.stats_reset) * 1000)::float8 AS reset_at
  FROM pg_stat_wal AS w
