-- A column ($2) of a table ($1): its type, and whether a whole index begins with it. Takes no locks.
SELECT
  pg_catalog.format_type(a.atttypid, NULL) AS type,
  EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indpred IS NULL
      AND (i.indisvalid OR i.indisready)
  ) AS indexed
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = $1 AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped
