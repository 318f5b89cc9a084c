SELECT ensure_day_partitions('device_metrics', 1, 7), ensure_day_partitions('device_logs', 1, 7)
