-- Who has dead rows kept, oldest first. Snapshots of VACUUM itself hold nothing back; this very statement's is left out.
WITH held AS (
  SELECT
    'session' AS kind, a.pid::text AS name, a.pid, a.datname::text AS database, a.usename::text AS "user",
    a.application_name AS application, a.state,
    (extract(epoch FROM a.xact_start) * 1000)::float8 AS since,
    GREATEST(pg_catalog.age(a.backend_xmin), pg_catalog.age(a.backend_xid)) AS age,
    false AS "catalogOnly", a.backend_type AS type
  FROM pg_catalog.pg_stat_activity AS a
  WHERE (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL)
    AND a.pid <> pg_catalog.pg_backend_pid()
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum AS v WHERE v.pid = a.pid)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_replication AS r WHERE r.pid = a.pid)
  UNION ALL
  SELECT
    'prepared transaction', gid, NULL, database::text, owner::text, NULL, NULL,
    (extract(epoch FROM prepared) * 1000)::float8, pg_catalog.age(transaction), false, NULL
  FROM pg_catalog.pg_prepared_xacts
  UNION ALL
  SELECT
    'replication slot', s.slot_name::text, s.active_pid, NULL, NULL, s.plugin::text,
    CASE WHEN s.active THEN 'active' ELSE 'inactive' END,
    (extract(epoch FROM {{s.pg_replication_slots.inactive_since::timestamptz}}) * 1000)::float8,
    pg_catalog.age(COALESCE(s.xmin, s.catalog_xmin)), s.xmin IS NULL, NULL
  FROM pg_catalog.pg_replication_slots AS s
  WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
  UNION ALL
  SELECT
    'standby', COALESCE(NULLIF(r.application_name, ''), r.pid::text), r.pid, NULL, r.usename::text, r.application_name,
    r.state, NULL, pg_catalog.age(r.backend_xmin), false, NULL
  FROM pg_catalog.pg_stat_replication AS r
  WHERE r.backend_xmin IS NOT NULL
)
SELECT * FROM held ORDER BY age DESC, since LIMIT 50
