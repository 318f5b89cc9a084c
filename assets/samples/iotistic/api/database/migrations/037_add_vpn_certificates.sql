CREATE TABLE vpn_certificates (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  serial_number VARCHAR(64) NOT NULL UNIQUE,
  common_name VARCHAR(255) NOT NULL,
  issued_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at TIMESTAMPTZ NOT NULL,
  CHECK (expires_at > issued_at)
);
