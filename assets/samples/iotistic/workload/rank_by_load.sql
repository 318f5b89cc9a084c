SELECT count(*) FILTER (WHERE place <= 10) AS busiest
FROM (
  SELECT id, device_uuid, memory_usage, storage_usage,
         row_number() OVER (PARTITION BY device_uuid ORDER BY cpu_usage DESC, "timestamp") AS place
  FROM device_metrics
) AS ranked
