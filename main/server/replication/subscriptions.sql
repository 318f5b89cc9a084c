-- Subscriptions of this database, their workers, and how many of their tables are ready.
SELECT subscription.subname::text AS name, subscription.subenabled AS enabled,
       subscription.subslotname::text AS slot, subscription.subpublications AS publications,
       worker.pid IS NOT NULL AS running,
       (extract(epoch FROM worker.last_msg_receipt_time) * 1000)::float8 AS last_message_at,
       (SELECT count(*)::int FROM pg_subscription_rel AS one WHERE one.srsubid = worker.subid) AS tables,
       (SELECT count(*)::int FROM pg_subscription_rel AS one
         WHERE one.srsubid = worker.subid AND one.srsubstate = 'r') AS tables_ready
  FROM pg_subscription AS subscription
  LEFT JOIN LATERAL (
    SELECT s.subid, s.pid, s.last_msg_receipt_time
      FROM pg_stat_subscription AS s
     WHERE s.subname = subscription.subname
     ORDER BY s.relid IS NOT NULL, s.pid NULLS LAST
     LIMIT 1
  ) AS worker ON true
 WHERE subscription.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY subscription.subname
