-- Size, columns' statistics and indexes of these tables, from the catalogue alone: nothing here waits for a table lock.
SELECT pg_catalog.current_database() AS database, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  c.reltuples::float8 AS rows,
  c.relpages::float8 * pg_catalog.current_setting('block_size')::float8 AS bytes,
  (SELECT pg_catalog.json_build_object('schema', rn.nspname, 'name', r.relname)
   FROM pg_catalog.pg_class AS r
   JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
   WHERE c.relispartition AND r.oid = pg_catalog.pg_partition_root(c.oid)) AS root,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
     'number', a.attnum, 'name', a.attname, 'type', t.typname, 'category', t.typcategory,
     'distinct', s.n_distinct, 'nulls', s.null_frac, 'width', s.avg_width) ORDER BY a.attnum)
   FROM pg_catalog.pg_attribute AS a
   JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
   LEFT JOIN pg_catalog.pg_stats AS s
     ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
     'name', ic.relname, 'method', am.amname, 'keys', i.indkey::int2[]::int4[], 'keyCount', i.indnkeyatts,
     'options', i.indoption::int2[]::int4[], 'partial', i.indpred IS NOT NULL, 'valid', i.indisvalid)
     ORDER BY ic.relname)
   FROM pg_catalog.pg_index AS i
   JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid
   JOIN pg_catalog.pg_am AS am ON am.oid = ic.relam
   WHERE i.indrelid = c.oid) AS indexes
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'p')
  AND (n.nspname, c.relname) IN (
    SELECT * FROM ROWS FROM (pg_catalog.unnest($1::name[]), pg_catalog.unnest($2::name[])))
LIMIT 2000
