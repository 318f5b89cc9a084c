-- The rows, and whether the table of the lock beside it can be read ($1: its name, quoted).
SELECT
  (
    SELECT json_agg(json_build_object(
      'name', m.name,
      'batch', m.batch,
      'appliedAt', to_char(m.migration_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) ORDER BY m.id)
    FROM @table AS m
  ) AS rows,
  CASE WHEN to_regclass($1) IS NULL THEN false ELSE has_table_privilege(to_regclass($1), 'SELECT') END AS "lockReadable"
