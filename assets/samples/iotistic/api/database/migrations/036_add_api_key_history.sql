CREATE TABLE api_key_history (
  id BIGSERIAL PRIMARY KEY,
  api_key_id INTEGER REFERENCES api_keys (id) ON DELETE SET NULL,
  device_uuid UUID,
  action VARCHAR(20) NOT NULL CHECK (action IN ('issued', 'rotated', 'revoked', 'expired')),
  reason TEXT,
  performed_by VARCHAR(100),
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_api_key_history_device ON api_key_history (device_uuid, created_at DESC);
