-- What a backup has to know of the server, the database and the role before it starts.
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_num,
       current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type IS NULL OR backend_type = 'client backend')
         AS free_sessions,
       CASE WHEN d.datconnlimit >= 0
            THEN d.datconnlimit
              - (SELECT count(*)::int FROM pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type IS DISTINCT FROM 'autovacuum worker')
       END AS free_in_database,
       CASE WHEN r.rolconnlimit >= 0
            THEN r.rolconnlimit - (SELECT count(*)::int FROM pg_stat_activity a WHERE a.usesysid = r.oid)
       END AS free_for_role,
       r.rolsuper AS is_superuser,
       has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS sees_passwords,
       pg_is_in_recovery() AS is_standby,
       (SELECT count(*)::int FROM pg_subscription s WHERE s.subdbid = d.oid) AS subscriptions
  FROM pg_database d, pg_roles r
 WHERE d.datname = current_database()
   AND r.rolname = current_user
