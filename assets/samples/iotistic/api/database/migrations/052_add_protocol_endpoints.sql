CREATE TABLE protocol_endpoints (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  protocol VARCHAR(20) NOT NULL,
  connection JSONB NOT NULL,
  enabled BOOLEAN NOT NULL DEFAULT true
);
