-- On a standby: statements that were ended because they stood in recovery's way.
SELECT c.datname::text AS database, c.confl_tablespace AS tablespace, c.confl_lock AS lock,
       c.confl_snapshot AS snapshot, c.confl_bufferpin AS buffer_pin, c.confl_deadlock AS deadlock,
       {{c.pg_stat_database_conflicts.confl_active_logicalslot::bigint}} AS slot
  FROM pg_stat_database_conflicts AS c
 WHERE c.confl_tablespace + c.confl_lock + c.confl_snapshot + c.confl_bufferpin + c.confl_deadlock > 0
 ORDER BY c.datname
