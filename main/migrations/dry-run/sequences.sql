-- Sequences that fill columns of a table.
SELECT a.attname::text AS column, pg_catalog.pg_get_serial_sequence($1, a.attname::text) AS sequence
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = $1::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_catalog.pg_get_serial_sequence($1, a.attname::text) IS NOT NULL
