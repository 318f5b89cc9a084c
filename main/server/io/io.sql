-- I/O by who did it, to what, and how (16+); rows in which nothing happened are left out.
SELECT i.backend_type, i.object, i.context, i.reads, i.read_time AS read_ms, i.writes, i.write_time AS write_ms,
       i.extends, i.hits, i.evictions, i.reuses, i.fsyncs, i.fsync_time AS fsync_ms,
       coalesce({{i.pg_stat_io.read_bytes::numeric}}, i.reads::numeric * {{i.pg_stat_io.op_bytes::bigint}})::text AS read_bytes,
       coalesce({{i.pg_stat_io.write_bytes::numeric}}, i.writes::numeric * {{i.pg_stat_io.op_bytes::bigint}})::text AS write_bytes,
       coalesce({{i.pg_stat_io.extend_bytes::numeric}}, i.extends::numeric * {{i.pg_stat_io.op_bytes::bigint}})::text AS extend_bytes,
       (extract(epoch FROM i.stats_reset) * 1000)::float8 AS reset_at
  FROM pg_stat_io AS i
 WHERE coalesce(i.reads, 0) + coalesce(i.writes, 0) + coalesce(i.extends, 0) + coalesce(i.hits, 0)
       + coalesce(i.evictions, 0) + coalesce(i.reuses, 0) + coalesce(i.fsyncs, 0) > 0
 ORDER BY 1, 2, 3
