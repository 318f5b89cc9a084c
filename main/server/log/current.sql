-- The files that the server writes to now; jsonlog came with 15.
SELECT pg_current_logfile(format) AS path FROM unnest(ARRAY['stderr', 'csvlog', 'jsonlog']) AS format
 WHERE format <> 'jsonlog' OR current_setting('server_version_num')::int >= 150000
