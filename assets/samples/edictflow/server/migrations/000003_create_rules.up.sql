CREATE TABLE rules (
  id uuid PRIMARY KEY DEFAULT new_id(),
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  name text NOT NULL,
  content text NOT NULL,
  enforcement_mode text NOT NULL DEFAULT 'block',
  triggers jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT rules_enforcement_mode_known CHECK (enforcement_mode IN ('block', 'temporary', 'warning')),
  CONSTRAINT rules_name_in_team UNIQUE (team_id, name)
);

CREATE INDEX idx_rules_triggers ON rules USING gin (triggers jsonb_path_ops);

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER rules_touch BEFORE UPDATE ON rules FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
