DELETE FROM usage_reports
WHERE reported_at BETWEEN now() - interval '3 days' AND now() - interval '1 hour'
  AND reported_at <> date_trunc('second', reported_at)
