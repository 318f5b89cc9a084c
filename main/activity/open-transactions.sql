-- Transactions of clients that have been open for long, those idle in one first; ages in ms. 13 to 18.
SELECT a.pid, a.usename::text AS "user", a.datname::text AS database, a.application_name AS application, a.state,
       (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::float8 AS transaction_ms,
       CASE WHEN a.state LIKE 'idle in transaction%'
            THEN (extract(epoch FROM clock_timestamp() - a.state_change) * 1000)::float8 END AS idle_ms,
       a.backend_xid IS NOT NULL AS has_written,
       a.backend_xmin IS NOT NULL AS holds_snapshot,
       greatest(age(a.backend_xmin), age(a.backend_xid)) AS xid_age
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend'
  AND a.pid <> pg_backend_pid()
  AND (a.xact_start < clock_timestamp() - $1::float8 * interval '1 ms'
       OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - $2::float8 * interval '1 ms')
ORDER BY idle_ms DESC NULLS LAST, transaction_ms DESC, a.pid
LIMIT 20
