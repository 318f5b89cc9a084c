CREATE TABLE device_sensors (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  name VARCHAR(100) NOT NULL,
  protocol VARCHAR(20) NOT NULL CHECK (protocol IN ('modbus', 'opcua', 'can', 'snmp', 'ble')),
  unit VARCHAR(20),
  poll_interval_ms INTEGER NOT NULL DEFAULT 5000 CHECK (poll_interval_ms >= 100),
  enabled BOOLEAN NOT NULL DEFAULT true,
  UNIQUE (device_uuid, name)
);
