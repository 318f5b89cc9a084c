-- Every backend there is. pg_blocking_pids only for those that wait on a lock: it holds the lock manager up for a moment.
SELECT a.pid, a.backend_start::text AS backend_start, a.datname::text AS database, a.usename::text AS user,
       a.application_name AS application,
       CASE WHEN a.client_port = -1 THEN 'local'
            WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) || ':' || a.client_port END AS client,
       a.backend_type AS type, a.state, a.wait_event_type AS wait_type, a.wait_event AS wait,
       (extract(epoch FROM a.backend_start) * 1000)::float8 AS connected_at,
       (extract(epoch FROM a.xact_start) * 1000)::float8 AS transaction_at,
       (extract(epoch FROM a.query_start) * 1000)::float8 AS query_at,
       (extract(epoch FROM a.state_change) * 1000)::float8 AS state_at,
       {{a.pg_stat_activity.leader_pid::int4}} AS leader_pid,
       {{a.pg_stat_activity.query_id::int8}} AS query_id,
       left(a.query, 500) AS query, length(a.query) > 500 AS query_cut,
       CASE WHEN a.wait_event_type = 'Lock' THEN pg_catalog.pg_blocking_pids(a.pid) END AS blocked_by
FROM pg_catalog.pg_stat_activity a
