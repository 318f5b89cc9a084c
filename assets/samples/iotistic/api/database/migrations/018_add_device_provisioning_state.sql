CREATE TYPE provisioning_state AS ENUM ('pending', 'registered', 'retired');

ALTER TABLE devices ADD COLUMN IF NOT EXISTS provisioning_state provisioning_state NOT NULL DEFAULT 'pending';
ALTER TABLE devices ADD COLUMN IF NOT EXISTS provisioned_at TIMESTAMPTZ;
ALTER TABLE devices ADD COLUMN IF NOT EXISTS provisioned_by_key_id INTEGER REFERENCES provisioning_keys (id) ON DELETE SET NULL;
