-- Which columns these views have here: extensions may be older than the server, and forks differ.
SELECT relation.relname AS view, attribute.attname AS "column"
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = relation.oid
WHERE relation.relname = ANY ($1) AND relation.relnamespace = $2::regnamespace
  AND attribute.attnum > 0 AND NOT attribute.attisdropped
