-- What the sessions of one program do.
SELECT a.pid,
       a.state = 'active' AND a.wait_event IS DISTINCT FROM 'ClientRead' AS busy,
       CASE WHEN a.wait_event_type = 'Lock' THEN pg_catalog.pg_blocking_pids(a.pid) END AS blockers
FROM pg_catalog.pg_stat_activity a
WHERE a.application_name = $1
