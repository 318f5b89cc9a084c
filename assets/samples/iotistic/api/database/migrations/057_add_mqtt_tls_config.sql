ALTER TABLE system_config ADD COLUMN IF NOT EXISTS ca_cert TEXT;

UPDATE system_config
SET value = jsonb_set(jsonb_set(value, '{useTls}', 'true'), '{caCert}', '"certs/broker-ca.pem"'),
    updated_at = CURRENT_TIMESTAMP
WHERE key = 'mqtt.brokers.1';
