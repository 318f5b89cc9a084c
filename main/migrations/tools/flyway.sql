SELECT
  installed_rank AS rank,
  version,
  description,
  type,
  script,
  checksum::text AS checksum,
  installed_by AS by,
  to_char(installed_on, 'YYYY-MM-DD HH24:MI:SS.MS') AS at,
  execution_time AS ms,
  success
FROM @table
ORDER BY installed_rank
