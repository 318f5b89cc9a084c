-- For the dashboards: a row a device and hour.
CREATE MATERIALIZED VIEW device_metrics_hourly AS
SELECT device_uuid,
       date_trunc('hour', "timestamp") AS hour,
       avg(cpu_usage)::NUMERIC(5, 2) AS cpu_usage,
       max(cpu_temp) AS cpu_temp,
       avg(memory_usage)::BIGINT AS memory_usage
FROM device_metrics
GROUP BY device_uuid, date_trunc('hour', "timestamp")
WITH NO DATA;

CREATE UNIQUE INDEX idx_device_metrics_hourly ON device_metrics_hourly (device_uuid, hour);
