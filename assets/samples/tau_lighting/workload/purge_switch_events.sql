DELETE FROM switch_events
WHERE happened_at BETWEEN now() - interval '30 days' AND now() - interval '1 hour'
  AND happened_at <> date_trunc('second', happened_at)
