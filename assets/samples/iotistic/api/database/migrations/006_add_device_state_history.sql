CREATE TABLE device_state_history (
  id BIGSERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  apps JSONB NOT NULL,
  config JSONB NOT NULL,
  created_by VARCHAR(100),
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (device_uuid, version)
);

CREATE FUNCTION keep_target_state() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (NEW.apps, NEW.config) IS DISTINCT FROM (OLD.apps, OLD.config) THEN
    INSERT INTO device_state_history (device_uuid, version, apps, config, created_by)
    VALUES (NEW.device_uuid, NEW.version, NEW.apps, NEW.config, current_setting('application_name'))
    ON CONFLICT (device_uuid, version) DO NOTHING;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER device_target_state_history AFTER INSERT OR UPDATE ON device_target_state
  FOR EACH ROW EXECUTE FUNCTION keep_target_state();
