CREATE TABLE agent_updates (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  from_version VARCHAR(50),
  to_version VARCHAR(50) NOT NULL,
  status VARCHAR(20) NOT NULL DEFAULT 'scheduled',
  requested_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
