INSERT INTO usage_reports (customer_id, instance_id, active_devices, total_devices, messages)
SELECT customer_id, 'instance-' || id, 3, 5, 1200 FROM customers WHERE id = $1
