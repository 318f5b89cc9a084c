-- Schema of the Tau lighting control system as a new installation starts with it. Later changes: daemon/alembic.

-- Device configuration ------------------------------------------------------------------------------------------

CREATE TYPE fixture_type AS ENUM ('simple_dimmable', 'tunable_white', 'dim_to_warm', 'non_dimmable');
CREATE TYPE mixing_type AS ENUM ('linear', 'perceptual', 'logarithmic');
CREATE TYPE switch_input AS ENUM ('retractive', 'rotary_abs', 'paddle_composite', 'switch_simple');

CREATE TABLE fixture_models (
  id serial PRIMARY KEY,
  manufacturer varchar(100) NOT NULL,
  model varchar(100) NOT NULL,
  description text,
  type fixture_type NOT NULL,
  dmx_footprint integer NOT NULL DEFAULT 1 CHECK (dmx_footprint BETWEEN 1 AND 4),
  cct_min_kelvin integer,
  cct_max_kelvin integer,
  mixing mixing_type NOT NULL DEFAULT 'linear',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fixture_models_cct_range CHECK (cct_min_kelvin <= cct_max_kelvin AND cct_min_kelvin >= 1000),
  CONSTRAINT fixture_models_name UNIQUE (manufacturer, model)
);

CREATE TABLE fixtures (
  id serial PRIMARY KEY,
  name varchar(100) NOT NULL UNIQUE,
  fixture_model_id integer NOT NULL REFERENCES fixture_models (id),
  dmx_universe integer NOT NULL DEFAULT 0 CHECK (dmx_universe BETWEEN 0 AND 63),
  dmx_channel_start integer NOT NULL CHECK (dmx_channel_start BETWEEN 1 AND 512),
  dmx_footprint integer NOT NULL DEFAULT 1,
  room varchar(100),
  notes text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fixtures_within_universe CHECK (dmx_channel_start + dmx_footprint - 1 <= 512),
  -- Channels of all universes on one line: no two fixtures may share one.
  CONSTRAINT fixtures_dmx_collision EXCLUDE USING gist (
    int4range(dmx_universe * 512 + dmx_channel_start, dmx_universe * 512 + dmx_channel_start + dmx_footprint) WITH &&
  )
);

CREATE TABLE switch_models (
  id serial PRIMARY KEY,
  manufacturer varchar(100) NOT NULL,
  model varchar(100) NOT NULL,
  input_type switch_input NOT NULL,
  debounce_ms integer NOT NULL DEFAULT 50 CHECK (debounce_ms BETWEEN 0 AND 2000),
  dimming_curve mixing_type NOT NULL DEFAULT 'logarithmic',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT switch_models_name UNIQUE (manufacturer, model)
);

-- Logical organisation ------------------------------------------------------------------------------------------

CREATE TABLE circadian_profiles (
  id serial PRIMARY KEY,
  name varchar(100) NOT NULL UNIQUE,
  description text,
  -- [{"time": "06:30", "brightness": 0.4, "cct": 2700}, …]
  curve_points jsonb NOT NULL CHECK (jsonb_typeof(curve_points) = 'array' AND jsonb_array_length(curve_points) >= 2),
  interpolation varchar(20) NOT NULL DEFAULT 'cosine' CHECK (interpolation IN ('linear', 'cosine', 'step')),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE groups (
  id serial PRIMARY KEY,
  name varchar(100) NOT NULL,
  description text,
  circadian_enabled boolean NOT NULL DEFAULT false,
  circadian_profile_id integer REFERENCES circadian_profiles (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT groups_circadian_needs_profile CHECK (NOT circadian_enabled OR circadian_profile_id IS NOT NULL)
);

CREATE TABLE group_fixtures (
  group_id integer NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  fixture_id integer NOT NULL REFERENCES fixtures (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, fixture_id)
);

CREATE TABLE group_hierarchy (
  parent_group_id integer NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  child_group_id integer NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  PRIMARY KEY (parent_group_id, child_group_id),
  CONSTRAINT group_hierarchy_not_itself CHECK (parent_group_id <> child_group_id)
);

CREATE TABLE switches (
  id serial PRIMARY KEY,
  name varchar(100) NOT NULL,
  switch_model_id integer NOT NULL REFERENCES switch_models (id),
  labjack_digital_pin integer CHECK (labjack_digital_pin BETWEEN 0 AND 15),
  labjack_analog_pin integer CHECK (labjack_analog_pin BETWEEN 0 AND 15),
  target_group_id integer REFERENCES groups (id) ON DELETE CASCADE,
  target_fixture_id integer REFERENCES fixtures (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT switches_one_target CHECK ((target_group_id IS NULL) <> (target_fixture_id IS NULL))
);

-- Lighting programs ---------------------------------------------------------------------------------------------

CREATE TABLE scenes (
  id serial PRIMARY KEY,
  name varchar(100) NOT NULL,
  scope_group_id integer REFERENCES groups (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Runtime state -------------------------------------------------------------------------------------------------

CREATE TABLE fixture_state (
  fixture_id integer PRIMARY KEY REFERENCES fixtures (id) ON DELETE CASCADE,
  goal_brightness integer NOT NULL DEFAULT 0 CHECK (goal_brightness BETWEEN 0 AND 1000),
  current_brightness integer NOT NULL DEFAULT 0 CHECK (current_brightness BETWEEN 0 AND 1000),
  current_cct integer CHECK (current_cct BETWEEN 1000 AND 10000),
  is_on boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE group_state (
  group_id integer PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
  circadian_suspended boolean NOT NULL DEFAULT false,
  circadian_suspended_at timestamptz,
  last_active_scene_id integer REFERENCES scenes (id) ON DELETE SET NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Indexes -------------------------------------------------------------------------------------------------------

CREATE INDEX idx_fixtures_model ON fixtures (fixture_model_id);
CREATE UNIQUE INDEX idx_fixtures_dmx ON fixtures (dmx_universe, dmx_channel_start);
CREATE INDEX idx_group_fixtures_fixture ON group_fixtures (fixture_id);
CREATE INDEX idx_group_hierarchy_child ON group_hierarchy (child_group_id);
CREATE INDEX idx_groups_circadian ON groups (circadian_profile_id) WHERE circadian_enabled;
CREATE INDEX idx_switches_model ON switches (switch_model_id);
CREATE INDEX idx_switches_target_group ON switches (target_group_id) WHERE target_group_id IS NOT NULL;
CREATE INDEX idx_switches_target_fixture ON switches (target_fixture_id) WHERE target_fixture_id IS NOT NULL;
CREATE INDEX idx_scenes_scope_group ON scenes (scope_group_id);
CREATE INDEX idx_fixture_state_on ON fixture_state (fixture_id) WHERE is_on;
CREATE INDEX idx_fixture_state_updated ON fixture_state (updated_at DESC);
CREATE INDEX idx_group_state_suspended ON group_state (group_id) WHERE circadian_suspended;

-- Functions and triggers ----------------------------------------------------------------------------------------

-- Groups nest up to four levels deep and never in a circle.
CREATE FUNCTION check_group_nesting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above integer;
  below integer;
BEGIN
  WITH RECURSIVE up (id, depth) AS (
    SELECT NEW.parent_group_id, 1
    UNION ALL
    SELECT h.parent_group_id, up.depth + 1 FROM group_hierarchy AS h JOIN up ON h.child_group_id = up.id WHERE up.depth < 10
  )
  SELECT max(depth) FILTER (WHERE true), count(*) FILTER (WHERE id = NEW.child_group_id) INTO above, below FROM up;
  IF below > 0 THEN
    RAISE EXCEPTION 'group % can not be put below itself', NEW.child_group_id USING ERRCODE = 'check_violation';
  END IF;
  WITH RECURSIVE down (id, depth) AS (
    SELECT NEW.child_group_id, 1
    UNION ALL
    SELECT h.child_group_id, down.depth + 1 FROM group_hierarchy AS h JOIN down ON h.parent_group_id = down.id WHERE down.depth < 10
  )
  SELECT max(depth) INTO below FROM down;
  IF above + below > 4 THEN
    RAISE EXCEPTION 'groups nest at most 4 levels deep, this would make %', above + below USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER group_hierarchy_nesting BEFORE INSERT OR UPDATE ON group_hierarchy
  FOR EACH ROW EXECUTE FUNCTION check_group_nesting();

CREATE FUNCTION touch_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER fixture_state_touch BEFORE UPDATE ON fixture_state FOR EACH ROW EXECUTE FUNCTION touch_state();
CREATE TRIGGER group_state_touch BEFORE UPDATE ON group_state FOR EACH ROW EXECUTE FUNCTION touch_state();

-- Views ---------------------------------------------------------------------------------------------------------

CREATE VIEW v_fixture_status AS
SELECT f.id AS fixture_id,
       f.name,
       f.room,
       f.dmx_universe,
       f.dmx_channel_start,
       m.manufacturer,
       m.model,
       m.type,
       coalesce(s.is_on, false) AS is_on,
       s.current_brightness,
       s.goal_brightness,
       s.current_cct,
       s.updated_at
FROM fixtures AS f
JOIN fixture_models AS m ON m.id = f.fixture_model_id
LEFT JOIN fixture_state AS s ON s.fixture_id = f.id;

CREATE VIEW v_group_membership AS
WITH RECURSIVE tree (group_id, member_group_id, depth) AS (
  SELECT id, id, 0 FROM groups
  UNION ALL
  SELECT tree.group_id, h.child_group_id, tree.depth + 1
  FROM tree
  JOIN group_hierarchy AS h ON h.parent_group_id = tree.member_group_id
  WHERE tree.depth < 4
)
SELECT tree.group_id, tree.member_group_id, tree.depth, gf.fixture_id
FROM tree
JOIN group_fixtures AS gf ON gf.group_id = tree.member_group_id;

COMMENT ON VIEW v_fixture_status IS 'Every fixture with its model and its present state.';
COMMENT ON VIEW v_group_membership IS 'All fixtures of a group, those of the groups nested in it included.';
