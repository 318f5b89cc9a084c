-- When all counters were last reset, and how often entries were given up since (extension 1.9 and later).
SELECT info.dealloc::float8 AS "dealloc",
  (1000000 * extract(epoch FROM info.stats_reset))::int8::float8 AS "resetAt"
FROM {{source}}_info() AS info
