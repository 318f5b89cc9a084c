-- The counters of all statements, without their texts, each column as one array: 5,000 rows would take the client longer than the server.
SELECT array_agg(s.userid) AS "users",
  array_agg(s.dbid) AS "databases",
  array_agg(s.queryid) AS "ids",
  array_agg({{s.pg_stat_statements.toplevel::bool}}) AS "levels",
  array_agg(s.calls) AS "calls",
  array_agg((1000 * coalesce({{s.pg_stat_statements.total_exec_time::float8}}, {{s.pg_stat_statements.total_time::float8}}))::int8) AS "execUs",
  array_agg(s.rows) AS "rows",
  array_agg({{s.pg_stat_statements.plans::int8}}) AS "plans",
  array_agg((1000 * {{s.pg_stat_statements.total_plan_time::float8}})::int8) AS "planUs",
  array_agg(s.shared_blks_hit) AS "sharedHit",
  array_agg(s.shared_blks_read) AS "sharedRead",
  array_agg(s.shared_blks_dirtied) AS "sharedDirtied",
  array_agg(s.shared_blks_written) AS "sharedWritten",
  array_agg(s.local_blks_read) AS "localRead",
  array_agg(s.local_blks_written) AS "localWritten",
  array_agg(s.temp_blks_read) AS "tempRead",
  array_agg(s.temp_blks_written) AS "tempWritten",
  array_agg((1000 * (coalesce({{s.pg_stat_statements.shared_blk_read_time::float8}}, {{s.pg_stat_statements.blk_read_time::float8}})
    + coalesce({{s.pg_stat_statements.local_blk_read_time::float8}}, 0)))::int8) AS "ioReadUs",
  array_agg((1000 * (coalesce({{s.pg_stat_statements.shared_blk_write_time::float8}}, {{s.pg_stat_statements.blk_write_time::float8}})
    + coalesce({{s.pg_stat_statements.local_blk_write_time::float8}}, 0)))::int8) AS "ioWriteUs",
  array_agg((1000 * ({{s.pg_stat_statements.temp_blk_read_time::float8}} + {{s.pg_stat_statements.temp_blk_write_time::float8}}))::int8) AS "tempIoUs",
  array_agg({{s.pg_stat_statements.wal_records::int8}}) AS "walRecords",
  array_agg({{s.pg_stat_statements.wal_fpi::int8}}) AS "walFpi",
  array_agg({{s.pg_stat_statements.wal_bytes::numeric}}) AS "walBytes",
  array_agg({{s.pg_stat_statements.jit_functions::int8}}) AS "jitFunctions",
  array_agg((1000 * ({{s.pg_stat_statements.jit_generation_time::float8}} + {{s.pg_stat_statements.jit_inlining_time::float8}}
    + {{s.pg_stat_statements.jit_optimization_time::float8}} + {{s.pg_stat_statements.jit_emission_time::float8}}))::int8) AS "jitUs",
  array_agg((1000 * coalesce({{s.pg_stat_statements.max_exec_time::float8}}, {{s.pg_stat_statements.max_time::float8}}))::int8) AS "peakUs",
  array_agg((1000000 * extract(epoch FROM {{s.pg_stat_statements.stats_since::timestamptz}}))::int8) AS "since"
FROM {{source}} AS s
