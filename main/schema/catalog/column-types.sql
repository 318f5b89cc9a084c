-- The types that columns have, each once, as the server prints them.
SELECT t.atttypid, nullif(t.atttypmod, -1), pg_catalog.format_type(t.atttypid, t.atttypmod)
FROM (SELECT DISTINCT a.atttypid, a.atttypmod
      FROM pg_catalog.pg_attribute a
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384) t
