CREATE TABLE device_tags (
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  key VARCHAR(100) NOT NULL CHECK (key ~ '^[a-z0-9-]+$'),
  value VARCHAR(255) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (device_uuid, key)
);

CREATE INDEX idx_device_tags_key_value ON device_tags (key, value);
