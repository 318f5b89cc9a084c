-- The rows, and whether the table of the lock beside it can be read ($1: its name, quoted).
SELECT
  (
    SELECT json_agg(json_build_object(
      'id', m.id,
      'author', m.author,
      'path', m.filename,
      'appliedAt', m.dateexecuted::text,
      'exectype', m.exectype,
      'tag', m.tag
    ) ORDER BY m.dateexecuted, m.orderexecuted)
    FROM @table AS m
  ) AS rows,
  CASE WHEN to_regclass($1) IS NULL THEN false ELSE has_table_privilege(to_regclass($1), 'SELECT') END AS "lockReadable"
