-- Checkpoints and who wrote pages out (17+).
SELECT c.num_timed AS timed, c.num_requested AS requested, c.restartpoints_done AS restartpoints,
       c.write_time AS write_ms, c.sync_time AS sync_ms,
       c.buffers_written * current_setting('block_size')::bigint AS by_checkpointer,
       b.buffers_clean * current_setting('block_size')::bigint AS by_background,
       NULL::bigint AS by_backends,
       (extract(epoch FROM c.stats_reset) * 1000)::float8 AS reset_at,
       (extract(epoch FROM b.stats_reset) * 1000)::float8 AS background_reset_at
  FROM pg_stat_checkpointer AS c CROSS JOIN pg_stat_bgwriter AS b
