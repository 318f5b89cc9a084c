-- Whether this role sees the whole of pg_stat_activity.
SELECT current_setting('is_superuser') = 'on' OR pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all
