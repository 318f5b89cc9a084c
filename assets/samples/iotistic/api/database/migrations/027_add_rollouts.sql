CREATE TABLE rollouts (
  id SERIAL PRIMARY KEY,
  rollout_id UUID NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  policy_id INTEGER REFERENCES rollout_policies (id) ON DELETE SET NULL,
  image VARCHAR(500) NOT NULL,
  old_tag VARCHAR(128),
  new_tag VARCHAR(128) NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'pending',
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  completed_at TIMESTAMPTZ
);

CREATE TABLE rollout_device_status (
  rollout_id UUID NOT NULL REFERENCES rollouts (rollout_id) ON DELETE CASCADE,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  batch_number INTEGER NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'pending',
  error TEXT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (rollout_id, device_uuid)
);
