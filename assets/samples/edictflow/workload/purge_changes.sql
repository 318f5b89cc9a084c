DELETE FROM change_events
WHERE created_at BETWEEN now() - interval '30 days' AND now() - interval '1 hour'
  AND created_at <> date_trunc('second', created_at)
