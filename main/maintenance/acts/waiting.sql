-- For whom a session of ours waits, if it waits for a lock: who they are, and what they do.
SELECT
  b.pid,
  a.usename::text AS "user",
  a.application_name AS application,
  a.state,
  (extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::float8 AS "forMs"
FROM (
  SELECT DISTINCT pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS pid
  FROM pg_catalog.pg_stat_activity AS w
  WHERE w.pid = $1 AND w.wait_event_type = 'Lock'
) AS b
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid
