-- Every backend there is: what pg_stat_activity reads, without its joins. pg_blocking_pids only for lock waiters.
SELECT a.pid, a.backend_start::text AS backend_start, d.datname::text AS database, pg_catalog.pg_get_userbyid(a.usesysid)::text AS user,
       a.application_name AS application,
       CASE WHEN a.client_port = -1 THEN 'local'
            WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) || ':' || a.client_port END AS client,
       a.backend_type AS type, a.state, a.wait_event_type AS wait_type, a.wait_event AS wait,
       date_part('epoch', a.backend_start) * 1000 AS connected_at,
       date_part('epoch', a.xact_start) * 1000 AS transaction_at,
       date_part('epoch', a.query_start) * 1000 AS query_at,
       date_part('epoch', a.state_change) * 1000 AS state_at,
       {{a.pg_stat_activity.leader_pid::int4}} AS leader_pid,
       {{a.pg_stat_activity.query_id::int8}} AS query_id,
       left(a.query, 500) AS query, length(a.query) > 500 AS query_cut,
       CASE WHEN a.wait_event_type = 'Lock' THEN pg_catalog.pg_blocking_pids(a.pid) END AS blocked_by
FROM pg_catalog.pg_stat_get_activity(NULL) a
LEFT JOIN pg_catalog.pg_database d ON d.oid = a.datid
