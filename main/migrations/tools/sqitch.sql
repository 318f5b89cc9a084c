SELECT
  'deploy' AS event,
  change_id AS id,
  script_hash AS hash,
  change AS name,
  project,
  to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  committer_name || ' <' || committer_email || '>' AS by,
  ARRAY(SELECT tag FROM @tags AS t WHERE t.change_id = c.change_id ORDER BY t.committed_at) AS tags,
  row_number() OVER (ORDER BY committed_at)::int AS place
FROM @table AS c
UNION ALL
SELECT event, change_id, NULL, change, project, at, by, ARRAY[]::text[], NULL
FROM (
  SELECT DISTINCT ON (project, change_id)
    event,
    change_id,
    change,
    project,
    to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
    committer_name || ' <' || committer_email || '>' AS by
  FROM @events
  ORDER BY project, change_id, committed_at DESC
) AS newest
WHERE event IN ('fail', 'revert')
ORDER BY place NULLS LAST
