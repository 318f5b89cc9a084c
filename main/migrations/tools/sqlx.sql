SELECT
  version::text AS version,
  description,
  to_char(installed_on AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  success,
  encode(checksum, 'hex') AS checksum,
  execution_time::text AS nanoseconds
FROM @table
ORDER BY version
