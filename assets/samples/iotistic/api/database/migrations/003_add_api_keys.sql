CREATE TABLE api_keys (
  id SERIAL PRIMARY KEY,
  device_uuid UUID REFERENCES devices (uuid) ON DELETE CASCADE,
  key_hash VARCHAR(255) NOT NULL UNIQUE,
  name VARCHAR(100) NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT true,
  last_used_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_api_keys_device ON api_keys (device_uuid) WHERE is_active;
