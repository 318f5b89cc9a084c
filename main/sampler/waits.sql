-- For what each waiter waits, and since when (waitstart: 14 and later). Asked only after a sample that saw waiters.
SELECT DISTINCT ON (l.pid) l.pid, l.mode,
       date_part('epoch', {{l.pg_locks.waitstart::timestamptz}}) * 1000 AS waiting_since,
       CASE WHEN l.relation IS NULL THEN NULL
            WHEN l.database IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            THEN l.relation::regclass::text
            ELSE 'relation ' || l.relation END AS relation,
       CASE l.locktype
            WHEN 'transactionid' THEN 'transaction ' || l.transactionid::text
            WHEN 'virtualxid' THEN 'virtual transaction ' || l.virtualxid
            WHEN 'advisory' THEN 'advisory ' || l.classid || ', ' || l.objid
            ELSE l.locktype END AS target
FROM pg_catalog.pg_locks l
WHERE NOT l.granted
ORDER BY l.pid
