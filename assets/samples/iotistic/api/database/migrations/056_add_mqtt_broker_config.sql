INSERT INTO system_config (key, value) VALUES
  ('mqtt.brokers.1', '{"name": "Local broker", "protocol": "mqtt", "host": "mosquitto", "port": 1883, "useTls": false, "keepAlive": 60, "cleanSession": true}')
ON CONFLICT (key) DO NOTHING;
