CREATE VIEW v_device_health AS
SELECT d.uuid,
       d.device_name,
       d.is_online,
       d.last_connectivity_event,
       (SELECT count(*) FROM alerts AS a WHERE a.device_uuid = d.uuid AND a.resolved_at IS NULL) AS open_alerts,
       (SELECT count(*) FROM device_services AS s WHERE s.device_uuid = d.uuid AND s.status <> 'running') AS services_down
FROM devices AS d
WHERE d.provisioning_state = 'registered';
