-- How often subscriptions failed (15+), and met rows that did not fit (18+).
SELECT e.subname::text AS name, e.apply_error_count AS apply_errors, e.sync_error_count AS sync_errors,
       {{e.pg_stat_subscription_stats.confl_insert_exists::bigint}}
         + {{e.pg_stat_subscription_stats.confl_update_origin_differs::bigint}}
         + {{e.pg_stat_subscription_stats.confl_update_exists::bigint}}
         + {{e.pg_stat_subscription_stats.confl_update_missing::bigint}}
         + {{e.pg_stat_subscription_stats.confl_delete_origin_differs::bigint}}
         + {{e.pg_stat_subscription_stats.confl_delete_missing::bigint}}
         + {{e.pg_stat_subscription_stats.confl_multiple_unique_conflicts::bigint}} AS conflicts
  FROM pg_stat_subscription_stats AS e
