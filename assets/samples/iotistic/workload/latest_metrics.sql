SELECT "timestamp", cpu_usage, cpu_temp, memory_usage
FROM device_metrics
WHERE device_uuid = md5('device ' || $1)::uuid AND "timestamp" > now() - interval '6 hours'
ORDER BY "timestamp" DESC
LIMIT 60
