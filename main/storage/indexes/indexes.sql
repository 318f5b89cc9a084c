-- Indexes with what they are made of and how often they were used; without printing functions, which wait for locks.
SELECT x.indexrelid AS oid, x.indrelid AS "table", n.nspname::text AS schema, c.relname::text AS name,
       t.relname::text AS table_name, m.amname::text AS method, c.relkind::text AS kind, c.relpages::float8 AS pages,
       c.relpersistence::text AS persistence,
       x.indisunique AS is_unique, x.indisprimary AS is_primary, x.indisexclusion AS is_exclusion,
       x.indisvalid AS is_valid, x.indisready AND x.indislive AS is_ready, x.indisreplident AS is_identity,
       x.indisclustered AS is_clustered, NOT x.indimmediate AS is_deferrable,
       coalesce({{x.pg_index.indnullsnotdistinct::bool}}, false) AS nulls_alike,
       x.indnkeyatts::int4 AS keys, x.indkey::text AS key, x.indclass::text AS classes,
       x.indcollation::text AS collations, x.indoption::text AS options,
       x.indexprs::text AS expressions, x.indpred::text AS predicate,
       a.names AS columns,
       k.conname::text AS "constraint", coalesce(f.referenced, false) AS is_referenced,
       i.inhparent AS parent, e.objid IS NOT NULL AS of_extension,
       pg_catalog.pg_stat_get_numscans(x.indexrelid)::float8 AS scans
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = c.relam
LEFT JOIN (SELECT attrelid, array_agg(attname::text ORDER BY attnum) AS names
           FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_index ON indexrelid = attrelid
           GROUP BY attrelid) a ON a.attrelid = x.indexrelid
LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN (SELECT DISTINCT conindid, true AS referenced FROM pg_catalog.pg_constraint WHERE contype = 'f') f
  ON f.conindid = x.indexrelid
LEFT JOIN (SELECT DISTINCT objid FROM pg_catalog.pg_depend
           WHERE classid = 'pg_catalog.pg_class'::regclass AND deptype = 'e') e ON e.objid = x.indrelid
WHERE t.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
