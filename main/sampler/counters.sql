-- Counters of this database and of all together; they grow until stats_reset.
SELECT coalesce(d.datname = current_database(), false) AS own,
       sum(d.xact_commit)::float8 AS commits, sum(d.xact_rollback)::float8 AS rollbacks,
       sum(d.blks_hit)::float8 AS blocks_hit, sum(d.blks_read)::float8 AS blocks_read,
       sum(d.tup_returned)::float8 AS tuples_read,
       sum(d.tup_inserted + d.tup_updated + d.tup_deleted)::float8 AS tuples_written,
       sum(d.temp_bytes)::float8 AS temp_bytes, sum(d.deadlocks)::float8 AS deadlocks,
       max(extract(epoch FROM d.stats_reset))::float8 AS reset_at
FROM pg_catalog.pg_stat_database d
GROUP BY 1
