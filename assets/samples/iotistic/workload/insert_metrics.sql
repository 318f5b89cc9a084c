INSERT INTO device_metrics (device_uuid, "timestamp", cpu_usage, cpu_temp, memory_usage, memory_total)
SELECT uuid, clock_timestamp(), 20 + (id * 7 + $1) % 60, 45 + (id + $1) % 30, (700 + id)::bigint * 1048576, 4096::bigint * 1048576
FROM devices
WHERE id BETWEEN 1 + ($1 * 3) % 60 AND 3 + ($1 * 3) % 60
