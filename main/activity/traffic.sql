-- What this database has done since its counters were reset; since_ms is null where they never were. 13 to 18.
SELECT d.datname::text AS database, d.xact_commit::float8 AS commits, d.xact_rollback::float8 AS rollbacks,
       d.blks_hit::float8 AS hits, d.blks_read::float8 AS reads, d.deadlocks::float8 AS deadlocks,
       (extract(epoch FROM clock_timestamp() - d.stats_reset) * 1000)::float8 AS since_ms
FROM pg_catalog.pg_stat_database d
WHERE d.datname = current_database()
