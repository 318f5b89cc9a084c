-- Where an extension lies in this database, and which version of it.
SELECT extension.extversion AS version, namespace.nspname AS schema,
  pg_catalog.has_schema_privilege(namespace.oid, 'USAGE') AS usable
FROM pg_catalog.pg_extension AS extension
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = extension.extnamespace
WHERE extension.extname = $1
