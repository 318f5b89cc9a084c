-- Deadlocks of all databases together, and since when they are counted.
SELECT coalesce(sum(d.deadlocks), 0)::text AS count, date_part('epoch', max(d.stats_reset)) * 1000 AS since
FROM pg_catalog.pg_stat_database d
