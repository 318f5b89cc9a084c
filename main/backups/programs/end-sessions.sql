-- Ends the sessions of one program, by its own name of the application.
SELECT pid, pg_terminate_backend(pid) AS ended
  FROM pg_stat_activity
 WHERE application_name = $1
   AND pid <> pg_backend_pid()
