-- What the pg_stat_progress views tell ({{views}}), whichever columns they have here, with whose it is. Takes no locks.
WITH told AS MATERIALIZED (
  {{views}}
)
SELECT
  p.view,
  p.pid,
  p.raw,
  a.datname::text AS database,
  a.usename::text AS "user",
  a.backend_type AS type,
  a.query,
  (extract(epoch FROM a.query_start) * 1000)::float8 AS since,
  a.wait_event_type AS "waitType",
  a.wait_event AS wait,
  CASE WHEN a.wait_event_type = 'Lock' THEN pg_catalog.pg_blocking_pids(p.pid) END AS "blockedBy",
  n.nspname::text AS schema,
  c.relname::text AS name
FROM told AS p
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = p.pid
LEFT JOIN pg_catalog.pg_class AS c
  ON c.oid = (p.raw ->> 'relid')::oid AND (p.raw ->> 'datname') = pg_catalog.current_database()
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
