-- What this role may do here, as far as it matters to the console.
SELECT current_setting('is_superuser') = 'on' AS superuser,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       (SELECT coalesce(array_agg(rolname::text ORDER BY rolname), '{}')
          FROM pg_roles
         WHERE rolname IN ('pg_monitor', 'pg_read_all_stats', 'pg_signal_backend', 'pg_read_all_data',
                           'rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin')
           AND pg_has_role(oid, 'USAGE')) AS roles
