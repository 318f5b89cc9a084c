-- Whether this role sees every setting, and the settings files.
SELECT pg_has_role('pg_read_all_settings', 'USAGE') AS all_settings,
       has_table_privilege('pg_file_settings', 'SELECT')
         AND has_function_privilege('pg_show_all_file_settings()', 'EXECUTE') AS files,
       current_user::text AS "user"
