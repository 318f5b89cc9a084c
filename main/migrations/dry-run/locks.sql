-- Locks on relations that another session ($1), or any but some ($2), holds or waits for; what it has made and not committed has no name here yet.
SELECT DISTINCT locks.mode, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS "on"
FROM pg_catalog.pg_locks AS locks
JOIN pg_catalog.pg_class AS c ON c.oid = locks.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE locks.locktype = 'relation' AND ($1::int IS NULL OR locks.pid = $1) AND locks.pid <> ALL ($2::int[])
  AND locks.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')
