SELECT DISTINCT ON (version_id)
  id::text AS id,
  version_id::text AS version,
  is_applied AS applied,
  to_char(tstamp, 'YYYY-MM-DD HH24:MI:SS.MS') AS at
FROM @table
ORDER BY version_id, tstamp DESC NULLS LAST, id DESC
