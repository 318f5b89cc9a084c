-- A fleet of 60 devices that has sent metrics for two weeks.
SELECT setseed(0.42);

INSERT INTO provisioning_keys (key_hash, fleet_id, description, devices_provisioned, expires_at)
SELECT '$2b$10$' || md5('provisioning ' || n) || 'aaaaaaaaaaaaaaaaaaaaa', (ARRAY['default', 'plant-north', 'plant-south'])[n], 'Key ' || n, 20, now() + interval '1 year'
FROM generate_series(1, 3) AS n;

INSERT INTO devices (uuid, device_name, device_type, is_online, last_connectivity_event, ip_address, agent_version, os_version,
                     created_at, provisioning_state, provisioned_at, provisioned_by_key_id, shadow, shadow_version)
SELECT md5('device ' || n)::uuid,
       (ARRAY['press', 'oven', 'pump', 'gate', 'meter', 'crane'])[1 + n % 6] || '-' || to_char(n, 'FM000'),
       (ARRAY['pi4', 'pi5', 'x86', 'generic'])[1 + n % 4],
       n % 9 <> 0,
       date_trunc('second', now()) - n * interval '7 minutes',
       ('10.20.' || n % 4 || '.' || 10 + n)::inet,
       '1.' || 4 + n % 3 || '.' || n % 10,
       'Debian GNU/Linux 12',
       date_trunc('second', now()) - interval '300 days' + n * interval '4 days',
       CASE WHEN n = 60 THEN 'retired' WHEN n > 57 THEN 'pending' ELSE 'registered' END::provisioning_state,
       date_trunc('second', now()) - interval '299 days' + n * interval '4 days',
       1 + n % 3,
       jsonb_build_object('desired', jsonb_build_object('interval', 60), 'reported', jsonb_build_object('interval', 60)),
       n
FROM generate_series(1, 60) AS n;

INSERT INTO device_metrics (device_uuid, "timestamp", cpu_usage, cpu_temp, memory_usage, memory_total, storage_usage, storage_total)
SELECT md5('device ' || d)::uuid,
       at,
       round((20 + 15 * sin(extract(epoch FROM at) / 13750 + d) + random() * 25)::numeric, 2),
       round((45 + 8 * sin(extract(epoch FROM at) / 13750 + d) + random() * 6)::numeric, 2),
       (600 + d * 7 + random() * 200)::bigint * 1048576,
       4096::bigint * 1048576,
       (8 + d % 20)::bigint * 1073741824,
       32::bigint * 1073741824
FROM generate_series(date_trunc('hour', now()) - interval '13 days 18 hours', now(), interval '12 minutes') AS at,
     generate_series(1, 60) AS d;

INSERT INTO device_logs (device_uuid, service_name, message, is_stderr, "timestamp", level)
SELECT md5('device ' || 1 + n % 60)::uuid,
       (ARRAY['agent', 'modbus', 'collector', 'gateway'])[1 + n % 4],
       (ARRAY['Reported state to the cloud', 'Polled 24 registers in 18 ms', 'Reconnected to the broker after 3 attempts', 'Flushed 120 readings',
              'Register 40017 timed out', 'Disk is 81 % full'])[1 + n % 6] || ' #' || n,
       n % 6 = 4,
       date_trunc('minute', now()) - (26000 - n) * interval '23 seconds',
       (ARRAY['info', 'debug', 'warn', 'info', 'error', 'warn'])[1 + n % 6]::log_level
FROM generate_series(1, 26000) AS n;

INSERT INTO device_target_state (device_uuid, apps, config, version)
SELECT uuid, jsonb_build_object('1001', jsonb_build_object('appName', 'monitoring', 'services', jsonb_build_array('collector', 'gateway'))), '{"logLevel": "info"}', 1
FROM devices;

UPDATE device_target_state SET version = 2, config = '{"logLevel": "info", "metricsInterval": 60}';
UPDATE device_target_state SET version = 3, config = '{"logLevel": "warn", "metricsInterval": 60}' WHERE id % 3 = 0;

INSERT INTO device_current_state (device_uuid, apps, config, system_info)
SELECT device_uuid, apps, config, '{"cpus": 4}' FROM device_target_state;

INSERT INTO device_tags (device_uuid, key, value)
SELECT uuid, key, value
FROM devices, LATERAL (VALUES ('site', (ARRAY['north', 'south', 'harbour'])[1 + id % 3]), ('line', 'l' || id % 5), ('stage', CASE WHEN id % 8 = 0 THEN 'canary' ELSE 'stable' END)) AS t (key, value);

INSERT INTO network_interfaces (device_uuid, name, ip4, mac, wifi_ssid, wifi_signal, is_default)
SELECT uuid, 'eth0', ip_address, ('02:42:00:00:00:' || lpad(to_hex(id), 2, '0'))::macaddr, NULL, NULL, true FROM devices
UNION ALL
SELECT uuid, 'wlan0', NULL, ('02:42:00:00:01:' || lpad(to_hex(id), 2, '0'))::macaddr, 'shopfloor', -40 - id % 45, false FROM devices WHERE id % 2 = 0;

INSERT INTO users (username, email, password_hash, role, last_login_at)
SELECT 'user' || n, 'user' || n || '@iot.example', '$2b$10$' || substr(md5('u' || n) || md5('v' || n), 1, 53), (ARRAY['viewer', 'operator', 'manager', 'admin'])[1 + n % 4], now() - n * interval '11 hours'
FROM generate_series(1, 25) AS n;

INSERT INTO api_keys (device_uuid, key_hash, name, expires_at, last_used_at)
SELECT uuid, '$2b$10$' || md5('key ' || id) || 'bbbbbbbbbbbbbbbbbbbbb', 'device key', now() + (id % 90) * interval '1 day', now() - id * interval '3 minutes' FROM devices;

INSERT INTO api_key_history (api_key_id, device_uuid, action, reason, performed_by, created_at)
SELECT k.id, k.device_uuid, CASE WHEN n = 0 THEN 'issued' ELSE 'rotated' END, 'schedule', 'api', now() - (4 - n) * interval '90 days'
FROM api_keys AS k, generate_series(0, 3) AS n;

INSERT INTO vpn_certificates (device_uuid, serial_number, common_name, issued_at, expires_at, revoked_at, revocation_reason)
SELECT uuid, upper(md5('certificate ' || id)), 'device-' || uuid, created_at, created_at + interval '3 years', CASE WHEN id = 60 THEN now() END, CASE WHEN id = 60 THEN 'retired' END FROM devices;

INSERT INTO mqtt_users (username, password_hash)
SELECT uuid::text, 'PBKDF2$sha512$100000$' || md5('mqtt ' || id) FROM devices;
INSERT INTO mqtt_users (username, password_hash, is_superuser) VALUES ('api', 'PBKDF2$sha512$100000$' || md5('mqtt api'), true);

INSERT INTO mqtt_acls (username, topic, access, priority)
SELECT uuid::text, 'iot/device/' || uuid || suffix, access, priority
FROM devices, (VALUES ('/#', 3, 0), ('/command', 5, 10), ('/state', 2, 10)) AS a (suffix, access, priority);

INSERT INTO mqtt_topics (topic, message_type)
SELECT 'iot/device/' || uuid || '/' || kind, 'json' FROM devices, unnest(ARRAY['state', 'metrics', 'logs', 'sensors']) AS kind;

INSERT INTO mqtt_topic_metrics (topic, message_count, bytes_received, message_rate, avg_message_size, "timestamp")
SELECT 'iot/device/' || d.uuid || '/metrics', 60 + n, (60 + n) * 412, 1 + n % 3, 412, date_trunc('hour', now()) - n * interval '1 hour'
FROM devices AS d, generate_series(0, 47) AS n;

INSERT INTO mqtt_broker_stats (connected_clients, messages_received, messages_sent, bytes_received, bytes_sent, "timestamp")
SELECT 50 + n % 9, 100000 + n * 431, 90000 + n * 417, 40000000 + n * 177000, 38000000 + n * 169000, date_trunc('minute', now()) - (2000 - n) * interval '5 minutes'
FROM generate_series(1, 2000) AS n;

INSERT INTO applications (app_name, slug) VALUES ('Monitoring', 'monitoring'), ('Gateway', 'gateway'), ('Vision', 'vision');
INSERT INTO application_releases (application_id, version, is_final) SELECT a.id, '1.' || n || '.0', n < 6 FROM applications AS a, generate_series(0, 6) AS n;
INSERT INTO device_services (device_uuid, application_id, service_name, image, status, started_at)
SELECT uuid, 1, s, 'registry.example/' || s || ':1.5.0', CASE WHEN id % 11 = 0 THEN 'exited' ELSE 'running' END::service_status, now() - id * interval '5 hours' FROM devices, unnest(ARRAY['collector', 'gateway']) AS s;
INSERT INTO images (registry, image_name, category, approved) SELECT 'registry.example', i, 'edge', true FROM unnest(ARRAY['collector', 'gateway', 'vision', 'broker']) AS i;
INSERT INTO image_tags (image_id, tag, size_bytes, pushed_at) SELECT i.id, '1.' || n || '.0', 40000000 + n * 100000, now() - (9 - n) * interval '21 days' FROM images AS i, generate_series(0, 8) AS n;

INSERT INTO device_sensors (device_uuid, name, protocol, unit)
SELECT uuid, s, (ARRAY['modbus', 'opcua', 'snmp'])[1 + id % 3], u FROM devices, (VALUES ('temperature', '°C'), ('pressure', 'bar'), ('flow', 'l/min'), ('vibration', 'mm/s')) AS v (s, u);
INSERT INTO sensor_readings_latest (sensor_id, value) SELECT id, round((random() * 100)::numeric, 2) FROM device_sensors;
INSERT INTO protocol_endpoints (device_uuid, protocol, connection) SELECT uuid, (ARRAY['modbus', 'opcua', 'snmp'])[1 + id % 3], jsonb_build_object('host', '10.30.0.' || id, 'port', 502) FROM devices;
INSERT INTO protocol_outputs (protocol, socket_path) VALUES ('modbus', '/run/iot/modbus.sock'), ('opcua', '/run/iot/opcua.sock'), ('snmp', '/run/iot/snmp.sock');

INSERT INTO digital_twin_entities (expressid, global_id, entity_type, name, properties, min_x, min_y, min_z, max_x, max_y, max_z)
SELECT 100 + n, substr(md5('ifc ' || n), 1, 22), CASE WHEN n = 1 THEN 'IfcBuilding' WHEN n <= 5 THEN 'IfcBuildingStorey' WHEN n <= 65 THEN 'IfcSpace' ELSE 'IfcFlowTerminal' END,
       CASE WHEN n = 1 THEN 'Works' WHEN n <= 5 THEN 'Level ' || n - 2 WHEN n <= 65 THEN 'Space ' || n - 5 ELSE 'Terminal ' || n - 65 END,
       jsonb_build_object('area', n % 90), n, n % 7, n % 4 * 3, n + 4, n % 7 + 4, n % 4 * 3 + 3
FROM generate_series(1, 320) AS n;
INSERT INTO digital_twin_relationships (source_id, target_id, relationship_type)
SELECT CASE WHEN n <= 5 THEN 1 WHEN n <= 65 THEN 2 + n % 4 ELSE 6 + n % 60 END, n, CASE WHEN n % 7 = 0 AND n > 65 THEN 'SERVES' ELSE 'CONTAINS' END FROM generate_series(2, 320) AS n;
INSERT INTO digital_twin_device_links (entity_id, device_uuid) SELECT 65 + id * 4, uuid FROM devices;

INSERT INTO alert_rules (name, metric, operator, threshold, severity) VALUES
  ('CPU busy', 'cpu_usage', '>', 90, 'warning'), ('Too hot', 'cpu_temp', '>', 80, 'critical'), ('Memory short', 'memory_usage', '>', 3800, 'warning');
INSERT INTO alerts (rule_id, device_uuid, raised_at, resolved_at, value)
SELECT 1 + n % 3, md5('device ' || 1 + n % 60)::uuid, now() - n * interval '2 hours', CASE WHEN n > 12 THEN now() - n * interval '2 hours' + interval '14 minutes' END, 82 + n % 17 FROM generate_series(1, 400) AS n;

INSERT INTO events (event_type, aggregate_type, aggregate_id, data, "timestamp")
SELECT (ARRAY['device.online', 'device.offline', 'target_state.updated', 'job.succeeded'])[1 + n % 4], 'device', md5('device ' || 1 + n % 60), jsonb_build_object('n', n), date_trunc('second', now()) - (9000 - n) * interval '3 minutes'
FROM generate_series(1, 9000) AS n;
UPDATE event_cursors SET last_event_id = 8990 + length(processor);

INSERT INTO job_templates (name, category, document) VALUES ('Restart agent', 'maintenance', '{"steps": ["systemctl restart agent"]}'), ('Collect diagnostics', 'support', '{"steps": ["diag"]}');
INSERT INTO device_jobs (template_id, device_uuid, status, exit_code, queued_at, completed_at)
SELECT 1 + n % 2, md5('device ' || 1 + n % 60)::uuid, CASE WHEN n < 6 THEN 'QUEUED' WHEN n % 13 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END, CASE WHEN n >= 6 THEN (n % 13 = 0)::integer END,
       now() - n * interval '4 hours', CASE WHEN n >= 6 THEN now() - n * interval '4 hours' + interval '90 seconds' END FROM generate_series(1, 300) AS n;

INSERT INTO rollout_policies (image_pattern, strategy) VALUES ('registry.example/collector', 'staged'), ('registry.example/*', 'manual');
INSERT INTO rollouts (policy_id, image, old_tag, new_tag, status, created_at, completed_at)
SELECT 1, 'registry.example/collector', '1.' || n - 1 || '.0', '1.' || n || '.0', 'completed', now() - (9 - n) * interval '20 days', now() - (9 - n) * interval '20 days' + interval '2 hours' FROM generate_series(1, 8) AS n;
INSERT INTO rollout_device_status (rollout_id, device_uuid, batch_number, status) SELECT r.rollout_id, d.uuid, 1 + d.id % 3, 'healthy' FROM rollouts AS r, devices AS d;

INSERT INTO device_groups (name, query) VALUES ('north', '{"site": "north"}'), ('south', '{"site": "south"}'), ('canaries', '{"stage": "canary"}');
INSERT INTO device_group_members (group_id, device_uuid)
SELECT g.id, t.device_uuid FROM device_groups AS g JOIN device_tags AS t ON g.query ->> t.key = t.value;

INSERT INTO dashboards (owner_id, title, is_shared) SELECT n, 'Line ' || n, n % 2 = 0 FROM generate_series(1, 8) AS n;
INSERT INTO dashboard_widgets (dashboard_id, kind) SELECT d.id, k FROM dashboards AS d, unnest(ARRAY['line', 'gauge', 'table', 'map']) AS k;
INSERT INTO audit_logs (user_id, event_type, severity, details, ip_address, created_at)
SELECT 1 + n % 25, (ARRAY['login', 'device.restart', 'config.update', 'login.failed'])[1 + n % 4], (CASE WHEN n % 4 = 3 THEN 'warning' ELSE 'info' END)::alert_severity, '{}', '192.0.2.1', date_trunc('second', now()) - (5000 - n) * interval '9 minutes'
FROM generate_series(1, 5000) AS n;

REFRESH MATERIALIZED VIEW device_metrics_hourly;
