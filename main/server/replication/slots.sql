-- Replication slots, and how much WAL each keeps.
WITH here AS MATERIALIZED (
  SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END AS lsn
)
SELECT s.slot_name::text AS name, s.slot_type AS kind, s.plugin::text AS plugin, s.database::text AS database,
       s.temporary, s.active, s.active_pid,
       (here.lsn - s.restart_lsn)::bigint AS kept,
       (here.lsn - s.confirmed_flush_lsn)::bigint AS unconfirmed,
       {{s.pg_replication_slots.wal_status::text}} AS wal_status,
       {{s.pg_replication_slots.safe_wal_size::bigint}} AS safe,
       (extract(epoch FROM {{s.pg_replication_slots.inactive_since::timestamptz}}) * 1000)::float8 AS inactive_since,
       {{s.pg_replication_slots.invalidation_reason::text}} AS invalid,
       {{s.pg_replication_slots.conflicting::boolean}} AS conflicting,
       greatest(age(s.xmin), age(s.catalog_xmin)) AS xmin_age
  FROM pg_replication_slots AS s CROSS JOIN here
 ORDER BY s.slot_name
