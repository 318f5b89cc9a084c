INSERT INTO device_metrics (device_uuid, "timestamp", cpu_usage, cpu_temp, memory_usage, memory_total, storage_usage, storage_total)
SELECT uuid, date_trunc('minute', now()), 20 + (id * 7 + $1) % 60, 45 + (id + $1) % 30, (700 + id)::bigint * 1048576,
       4096::bigint * 1048576, (8 + id % 20)::bigint * 1073741824, 32::bigint * 1073741824
FROM devices
