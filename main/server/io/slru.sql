-- Small caches of transaction status and the like.
SELECT name, blks_zeroed AS zeroed, blks_hit AS hit, blks_read AS read, blks_written AS written, flushes
  FROM pg_stat_slru
 ORDER BY name
