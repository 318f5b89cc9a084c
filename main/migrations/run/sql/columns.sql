-- What a row of a home-made table needs. `filled`: the server gives a value itself.
SELECT
  a.attname AS name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  a.attnotnull AS "notNull",
  (a.atthasdef OR a.attidentity <> '') AS filled
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
