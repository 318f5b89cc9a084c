-- On a standby: what came, and how far it has been replayed.
SELECT (pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn())::bigint AS to_replay,
       (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::float8 AS replayed_at,
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS paused
