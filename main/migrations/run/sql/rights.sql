-- What this role may do with a tool's table ($1, quoted; $2, its schema).
SELECT
  current_user AS role,
  pg_catalog.pg_is_in_recovery() AS standby,
  pg_catalog.current_setting('default_transaction_read_only')::boolean AS "readOnly",
  t.oid IS NOT NULL AS there,
  pg_catalog.has_table_privilege(t.oid, 'INSERT') AS insert,
  pg_catalog.has_table_privilege(t.oid, 'DELETE') AS delete,
  pg_catalog.has_table_privilege(t.oid, 'TRUNCATE') AS truncate,
  (SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace AS n WHERE n.nspname = $2) AS create
FROM (SELECT pg_catalog.to_regclass($1)::oid AS oid) AS t
