-- When indexes were last scanned, of those that ever were. PostgreSQL 16 and later.
SELECT x.indexrelid AS oid, (date_part('epoch', pg_catalog.pg_stat_get_lastscan(x.indexrelid)) * 1000)::float8 AS at
FROM pg_catalog.pg_index x
WHERE pg_catalog.pg_stat_get_lastscan(x.indexrelid) IS NOT NULL
