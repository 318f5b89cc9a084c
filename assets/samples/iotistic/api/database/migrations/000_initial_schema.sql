-- Devices, what they shall be, what they are, and what they tell.
CREATE TABLE devices (
  id SERIAL PRIMARY KEY,
  uuid UUID NOT NULL UNIQUE,
  device_name VARCHAR(255),
  device_type VARCHAR(50),
  is_online BOOLEAN NOT NULL DEFAULT false,
  last_connectivity_event TIMESTAMPTZ,
  ip_address INET,
  agent_version VARCHAR(50),
  os_version VARCHAR(100),
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  modified_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE device_target_state (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL UNIQUE REFERENCES devices (uuid) ON DELETE CASCADE,
  apps JSONB NOT NULL DEFAULT '{}',
  config JSONB NOT NULL DEFAULT '{}',
  version INTEGER NOT NULL DEFAULT 1,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE device_current_state (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL UNIQUE REFERENCES devices (uuid) ON DELETE CASCADE,
  apps JSONB NOT NULL DEFAULT '{}',
  config JSONB NOT NULL DEFAULT '{}',
  system_info JSONB NOT NULL DEFAULT '{}',
  reported_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE device_metrics (
  id BIGSERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  cpu_usage NUMERIC(5, 2),
  memory_usage BIGINT,
  memory_total BIGINT
);

CREATE TABLE device_logs (
  id BIGSERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  service_name VARCHAR(255),
  message TEXT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_devices_online ON devices (is_online);

CREATE FUNCTION set_modified_at() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  NEW.modified_at := CURRENT_TIMESTAMP;
  RETURN NEW;
END
$$;

CREATE TRIGGER devices_set_modified_at BEFORE UPDATE ON devices
  FOR EACH ROW EXECUTE FUNCTION set_modified_at();
