INSERT INTO device_logs (device_uuid, service_name, message, "timestamp")
VALUES (md5('device ' || $1)::uuid, 'agent', 'Reported state to the cloud #' || $1, clock_timestamp())
