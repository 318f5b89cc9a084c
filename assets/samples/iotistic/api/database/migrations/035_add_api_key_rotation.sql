ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS expires_at TIMESTAMPTZ;
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS rotation_days INTEGER NOT NULL DEFAULT 90 CHECK (rotation_days BETWEEN 1 AND 365);
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS rotated_at TIMESTAMPTZ;

CREATE INDEX idx_api_keys_expiring ON api_keys (expires_at) WHERE is_active;
