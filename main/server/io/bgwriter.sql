-- Checkpoints and who wrote pages out (up to 16).
SELECT b.checkpoints_timed AS timed, b.checkpoints_req AS requested, NULL::bigint AS restartpoints,
       b.checkpoint_write_time AS write_ms, b.checkpoint_sync_time AS sync_ms,
       b.buffers_checkpoint * current_setting('block_size')::bigint AS by_checkpointer,
       b.buffers_clean * current_setting('block_size')::bigint AS by_background,
       b.buffers_backend * current_setting('block_size')::bigint AS by_backends,
       (extract(epoch FROM b.stats_reset) * 1000)::float8 AS reset_at,
       (extract(epoch FROM b.stats_reset) * 1000)::float8 AS background_reset_at
  FROM pg_stat_bgwriter AS b
