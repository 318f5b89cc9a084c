-- Locks that one backend holds or awaits, those not granted first. Relations of other databases keep their OID.
SELECT l.locktype AS type, l.mode, l.granted,
       CASE WHEN l.relation IS NULL THEN NULL
            WHEN l.database IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            THEN coalesce(n.nspname || '.' || c.relname, l.relation::text)
            ELSE 'oid ' || l.relation || ' in ' || coalesce(d.datname, l.database::text) END AS relation,
       CASE l.locktype
            WHEN 'transactionid' THEN 'transaction ' || l.transactionid::text
            WHEN 'virtualxid' THEN 'virtual transaction ' || l.virtualxid
            WHEN 'tuple' THEN 'page ' || l.page || ', tuple ' || l.tuple
            WHEN 'page' THEN 'page ' || l.page
            WHEN 'advisory' THEN 'key ' || l.classid || ', ' || l.objid
            WHEN 'object' THEN l.classid::text || ', ' || l.objid END AS target
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_database d ON d.oid = l.database
WHERE l.pid = $1
ORDER BY l.granted, l.locktype, relation NULLS LAST, l.mode
LIMIT 200
