-- Relations of this database that somebody has, or waits to have, to themselves; with the table each belongs to.
SELECT DISTINCT l.relation AS oid, coalesce(o.oid, x.indrelid, l.relation) AS "table"
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = l.relation
LEFT JOIN pg_catalog.pg_class o ON o.reltoastrelid = coalesce(x.indrelid, l.relation)
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
