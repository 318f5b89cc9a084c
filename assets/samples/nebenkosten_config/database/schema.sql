-- Configuration shared by the pipelines and the web pages. Readings are not here but in a time series database.

CREATE TABLE meters (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9_]+$'),
  name text NOT NULL,
  meter_type text NOT NULL CHECK (meter_type IN ('physical', 'master', 'virtual')),
  category text NOT NULL CHECK (category IN ('strom', 'gas', 'wasser_kalt', 'wasser_warm', 'waerme', 'solar')),
  unit text NOT NULL DEFAULT 'kWh',
  location text,
  serial_number text,
  -- A master meter is the sum of its periods; a virtual one is worked out from others: {"plus": […], "minus": […]}.
  formula jsonb,
  conversion_factor numeric(10, 5) NOT NULL DEFAULT 1,
  calibrated_until date,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT meters_virtual_has_formula CHECK ((meter_type = 'virtual') = (formula IS NOT NULL))
);

CREATE TABLE households (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9_]+$'),
  name text NOT NULL,
  floor text NOT NULL,
  living_area_m2 numeric(6, 2) NOT NULL CHECK (living_area_m2 > 0),
  persons integer NOT NULL DEFAULT 1 CHECK (persons >= 0),
  cost_shares jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE household_meters (
  household_id text NOT NULL REFERENCES households (id) ON DELETE CASCADE,
  meter_id text NOT NULL REFERENCES meters (id) ON DELETE RESTRICT,
  share numeric(5, 4) NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
  valid_from date NOT NULL DEFAULT '2020-01-01',
  valid_to date,
  PRIMARY KEY (household_id, meter_id, valid_from),
  CONSTRAINT household_meters_period CHECK (valid_to IS NULL OR valid_to > valid_from)
);

CREATE TABLE users (
  id serial PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text,
  role text NOT NULL DEFAULT 'viewer' CHECK (role IN ('admin', 'editor', 'viewer')),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE settings (
  key text PRIMARY KEY,
  value jsonb NOT NULL,
  description text,
  updated_by integer REFERENCES users (id) ON DELETE SET NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_log (
  id bigserial PRIMARY KEY,
  user_id integer REFERENCES users (id) ON DELETE SET NULL,
  table_name text NOT NULL,
  record_id text NOT NULL,
  action text NOT NULL CHECK (action IN ('INSERT', 'UPDATE', 'DELETE')),
  before jsonb,
  after jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_meters_category ON meters (category);
CREATE INDEX idx_meters_active ON meters (id) WHERE active;
CREATE INDEX idx_household_meters_meter ON household_meters (meter_id);
CREATE INDEX idx_audit_log_record ON audit_log (table_name, record_id, created_at DESC);
CREATE INDEX idx_audit_log_created ON audit_log (created_at DESC);

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

-- Writes every change of configuration down, with the person that the application names in app.user_id.
CREATE FUNCTION write_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  row_key text := coalesce(new_row, old_row) ->> TG_ARGV[0];
BEGIN
  INSERT INTO audit_log (user_id, table_name, record_id, action, before, after)
  VALUES (nullif(current_setting('app.user_id', true), '')::integer, TG_TABLE_NAME, row_key, TG_OP, old_row, new_row);
  RETURN NULL;
END
$$;

CREATE TRIGGER meters_touch BEFORE UPDATE ON meters FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER households_touch BEFORE UPDATE ON households FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER settings_touch BEFORE UPDATE ON settings FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TRIGGER meters_audit AFTER INSERT OR UPDATE OR DELETE ON meters
  FOR EACH ROW EXECUTE FUNCTION write_audit_log('id');
CREATE TRIGGER households_audit AFTER INSERT OR UPDATE OR DELETE ON households
  FOR EACH ROW EXECUTE FUNCTION write_audit_log('id');
CREATE TRIGGER household_meters_audit AFTER INSERT OR UPDATE OR DELETE ON household_meters
  FOR EACH ROW EXECUTE FUNCTION write_audit_log('meter_id');
CREATE TRIGGER settings_audit AFTER INSERT OR UPDATE OR DELETE ON settings
  FOR EACH ROW EXECUTE FUNCTION write_audit_log('key');
