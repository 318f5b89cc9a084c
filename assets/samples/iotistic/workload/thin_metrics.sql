DELETE FROM device_metrics
WHERE "timestamp" BETWEEN now() - interval '3 days' AND now() - interval '30 minutes'
  AND "timestamp" <> date_trunc('minute', "timestamp")
