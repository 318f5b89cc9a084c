-- Who receives WAL, and how far each is behind what has been written (on a standby: received).
WITH here AS MATERIALIZED (
  SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END AS lsn
)
SELECT sender.pid, sender.usename::text AS "user", sender.application_name AS application,
       host(sender.client_addr) AS client, sender.state, sender.sync_state AS sync,
       (extract(epoch FROM sender.backend_start) * 1000)::float8 AS since,
       (SELECT slot_name::text FROM pg_replication_slots WHERE active_pid = sender.pid LIMIT 1) AS slot,
       (here.lsn - sender.sent_lsn)::bigint AS sent_lag,
       (here.lsn - sender.write_lsn)::bigint AS write_lag,
       (here.lsn - sender.flush_lsn)::bigint AS flush_lag,
       (here.lsn - sender.replay_lsn)::bigint AS replay_lag,
       (extract(epoch FROM sender.write_lag) * 1000)::float8 AS write_ms,
       (extract(epoch FROM sender.flush_lag) * 1000)::float8 AS flush_ms,
       (extract(epoch FROM sender.replay_lag) * 1000)::float8 AS replay_ms,
       (extract(epoch FROM sender.reply_time) * 1000)::float8 AS replied_at
  FROM pg_stat_replication AS sender CROSS JOIN here
 ORDER BY sender.application_name, sender.pid
