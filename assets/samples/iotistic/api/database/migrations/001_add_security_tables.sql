-- A device joins with a provisioning key, once.
CREATE TABLE provisioning_keys (
  id SERIAL PRIMARY KEY,
  key_hash VARCHAR(255) NOT NULL UNIQUE,
  fleet_id VARCHAR(100) NOT NULL DEFAULT 'default',
  description TEXT,
  max_devices INTEGER NOT NULL DEFAULT 100 CHECK (max_devices > 0),
  devices_provisioned INTEGER NOT NULL DEFAULT 0,
  expires_at TIMESTAMPTZ NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT true,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE provisioning_attempts (
  id BIGSERIAL PRIMARY KEY,
  ip_address INET,
  device_uuid UUID,
  provisioning_key_id INTEGER REFERENCES provisioning_keys (id) ON DELETE SET NULL,
  success BOOLEAN NOT NULL,
  error_message TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_provisioning_attempts_ip ON provisioning_attempts (ip_address, created_at DESC);
