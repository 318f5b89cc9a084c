-- The server's log files, newest first.
SELECT name, size AS bytes, (extract(epoch FROM modification) * 1000)::float8 AS changed_at
  FROM pg_ls_logdir()
 ORDER BY modification DESC, name
 LIMIT 200
