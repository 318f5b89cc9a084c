SELECT * FROM v_device_health ORDER BY open_alerts DESC, device_name
