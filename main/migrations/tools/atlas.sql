SELECT
  version,
  description,
  type::int AS type,
  applied::int AS applied,
  total::int AS total,
  to_char(executed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  execution_time::text AS nanoseconds,
  left(error, 2000) AS error,
  left(error_stmt, 2000) AS statement,
  hash,
  operator_version AS operator
FROM @table
WHERE version NOT LIKE '.atlas%'
ORDER BY version COLLATE "C"
