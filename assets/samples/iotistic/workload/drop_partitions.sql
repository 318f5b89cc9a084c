SELECT drop_old_partitions('device_metrics', 30), drop_old_partitions('device_logs', 7)
