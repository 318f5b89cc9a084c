-- How far the furthest receiver of WAL is behind, and the most that a slot keeps.
WITH here AS MATERIALIZED (
  SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END AS lsn
)
SELECT (SELECT max(here.lsn - replay_lsn)::text FROM pg_stat_replication) AS lag_bytes,
       (SELECT max(extract(epoch FROM replay_lag) * 1000)::float8 FROM pg_stat_replication) AS lag_ms,
       (SELECT max(here.lsn - restart_lsn)::text FROM pg_replication_slots) AS kept
  FROM here
