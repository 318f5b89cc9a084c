-- How this server logs, and what this role may do about it.
SELECT current_setting('logging_collector') = 'on' AS collects,
       current_setting('log_destination') AS destination,
       current_setting('log_line_prefix') AS prefix,
       (SELECT CASE WHEN setting::bigint >= 0 THEN setting::float8 END FROM pg_settings
         WHERE name = 'log_min_duration_statement') AS slow_from,
       (extract(epoch FROM now() AT TIME ZONE (SELECT setting FROM pg_settings WHERE name = 'log_timezone'))
         - extract(epoch FROM now() AT TIME ZONE 'UTC'))::float8 / 60 AS zone_minutes,
       (SELECT setting FROM pg_settings WHERE name = 'log_directory') AS directory,
       has_function_privilege('pg_ls_logdir()', 'EXECUTE') AS may_list,
       has_function_privilege('pg_current_logfile(text)', 'EXECUTE') AS may_ask,
       has_function_privilege('pg_read_binary_file(text, bigint, bigint)', 'EXECUTE') AS may_read,
       current_user::text AS "user",
       (SELECT min(name) FROM pg_settings
         WHERE name LIKE 'rds.%' OR name LIKE 'cloudsql.%' OR name LIKE 'azure.%') AS managed_by
