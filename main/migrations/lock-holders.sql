-- Who holds, or waits for, advisory locks of these keys ($1) in this database.
SELECT
  ((l.classid::bigint << 32) | l.objid::bigint)::text AS key,
  l.granted,
  l.pid,
  a.usename AS role,
  a.application_name AS application,
  a.client_addr::text AS address
FROM pg_catalog.pg_locks AS l
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory'
  AND l.objsubid = 1
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = ANY ($1::bigint[])
ORDER BY l.granted DESC, l.pid
