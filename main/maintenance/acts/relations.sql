-- Relations by schema ($1) and name ($2), in their order: what they are, whose, and what this role may do. Takes no locks.
SELECT
  w.schema,
  w.name,
  c.oid,
  c.relkind::text AS kind,
  pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
  pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  NOT c.relisshared AND (
    SELECT pg_catalog.pg_has_role(d.datdba, 'USAGE') FROM pg_catalog.pg_database AS d
    WHERE d.datname = pg_catalog.current_database()
  ) AS "ownsDatabase",
  CASE
    WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_maintain')
    THEN pg_catalog.has_table_privilege(COALESCE(i.indrelid, c.oid), 'MAINTAIN')
  END AS maintain,
  c.relpages::float8 * pg_catalog.current_setting('block_size')::float8 AS bytes,
  (
    SELECT sum(x.relpages)::float8 FROM pg_catalog.pg_index AS j
    JOIN pg_catalog.pg_class AS x ON x.oid = j.indexrelid WHERE j.indrelid = c.oid
  ) * pg_catalog.current_setting('block_size')::float8 AS "indexBytes",
  (SELECT t.relpages::float8 FROM pg_catalog.pg_class AS t WHERE t.oid = c.reltoastrelid)
    * pg_catalog.current_setting('block_size')::float8 AS "toastBytes",
  i.indisexclusion AS exclusion,
  c.relpersistence = 't' AS temporary
FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY AS w (schema, name, place)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.schema
LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
ORDER BY w.place
