-- Since when each waiter waits (waitstart: 14 and later). Asked only after a sample that saw waiters.
SELECT l.pid, (extract(epoch FROM min({{l.pg_locks.waitstart::timestamptz}})) * 1000)::float8 AS waiting_since
FROM pg_catalog.pg_locks l
WHERE NOT l.granted
GROUP BY l.pid
