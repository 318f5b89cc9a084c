-- What this role may see of others. 13 to 18.
SELECT CASE WHEN current_setting('is_superuser') = 'on' THEN 'superuser'
            WHEN pg_has_role('pg_read_all_stats', 'USAGE') THEN 'statistics'
            ELSE 'own' END AS sight
