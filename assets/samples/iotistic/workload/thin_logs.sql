DELETE FROM device_logs
WHERE "timestamp" BETWEEN now() - interval '3 days' AND now() - interval '1 hour'
  AND "timestamp" <> date_trunc('second', "timestamp")
