-- For what each waiter waits, since when (waitstart: 14 and later), and which prepared transactions hold it. Not on each beat.
WITH locks AS MATERIALIZED (
  SELECT * FROM pg_catalog.pg_locks
), prepared AS MATERIALIZED (
  -- The lock on its own transaction id tells whose a lock without a session is.
  SELECT held.*, p.transaction AS xid, p.gid, p.owner, p.database AS db, p.prepared
  FROM locks own
  JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = own.transactionid
  JOIN locks held ON held.virtualtransaction = own.virtualtransaction AND held.pid IS NULL AND held.granted
  WHERE own.locktype = 'transactionid' AND own.pid IS NULL AND own.granted
)
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
            ELSE l.locktype END AS target,
       CASE WHEN NOT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
            THEN pg_catalog.pg_blocking_pids(l.pid) END AS blocked_by,
       (SELECT json_agg(json_build_object('transaction', h.xid::text::int8, 'gid', h.gid, 'owner', h.owner::text,
                 'database', h.db::text, 'prepared_at', date_part('epoch', h.prepared) * 1000, 'mode', h.mode))
        FROM prepared h
        WHERE h.locktype = l.locktype
          AND (h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid, h.objsubid)
              IS NOT DISTINCT FROM
              (l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid)
       ) AS prepared
FROM locks l
WHERE NOT l.granted
ORDER BY l.pid
