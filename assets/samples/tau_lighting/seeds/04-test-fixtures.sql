-- A small hotel: 12 houses with floors and rooms, 360 fixtures.
INSERT INTO fixtures (name, fixture_model_id, dmx_universe, dmx_channel_start, dmx_footprint, secondary_dmx_channel, room)
SELECT 'F' || to_char(n, 'FM000') || ' ' || (ARRAY['ceiling', 'wall', 'table', 'cove', 'floor'])[1 + n % 5],
       m.id,
       n / 90,
       1 + (n % 90) * 5,
       m.dmx_footprint,
       CASE WHEN m.type = 'tunable_white' THEN 2 + (n % 90) * 5 END,
       'Room ' || 100 + n / 4
FROM generate_series(0, 359) AS n
JOIN fixture_models AS m ON m.id = 1 + n % 10;

INSERT INTO circadian_profiles (name, description, curve_points) VALUES
  ('Guest day', 'Slow mornings, warm evenings', '[{"time":"06:30","brightness":0.2,"cct":2400},{"time":"10:00","brightness":0.9,"cct":4000},{"time":"17:30","brightness":0.7,"cct":3200},{"time":"22:30","brightness":0.15,"cct":2200}]'),
  ('Office', 'Cool and bright until six', '[{"time":"07:00","brightness":0.6,"cct":3500},{"time":"11:00","brightness":1.0,"cct":5000},{"time":"18:00","brightness":0.6,"cct":3500}]'),
  ('Kitchen', 'Working light from five', '[{"time":"05:00","brightness":0.9,"cct":4000},{"time":"23:00","brightness":0.4,"cct":3000}]'),
  ('Night', 'Just enough to find the way', '[{"time":"22:00","brightness":0.08,"cct":2000},{"time":"06:00","brightness":0.08,"cct":2000}]'),
  ('Lobby', 'Always awake', '[{"time":"00:00","brightness":0.4,"cct":2700},{"time":"12:00","brightness":0.9,"cct":4500}]'),
  ('Winter terrace', NULL, '[{"time":"15:30","brightness":0.5,"cct":2700},{"time":"23:59","brightness":0.2,"cct":2200}]');

-- 1 the whole site, 2 to 5 its wings, 6 to 17 houses, 18 to 53 floors: four levels.
INSERT INTO groups (name, description, circadian_enabled, circadian_profile_id, display_order, sleep_lock_start, sleep_lock_end)
SELECT CASE WHEN n = 1 THEN 'Site'
            WHEN n <= 5 THEN (ARRAY['North', 'East', 'South', 'West'])[n - 1] || ' wing'
            WHEN n <= 17 THEN 'House ' || n - 5
            ELSE 'House ' || (n - 18) / 3 + 1 || ', floor ' || (n - 18) % 3 END,
       NULL,
       n % 4 = 0,
       CASE WHEN n % 2 = 0 THEN 1 + n % 6 END,
       n,
       CASE WHEN n > 17 AND n % 5 = 0 THEN time '23:00' END,
       CASE WHEN n > 17 AND n % 5 = 0 THEN time '06:00' END
FROM generate_series(1, 53) AS n;

INSERT INTO group_hierarchy (parent_group_id, child_group_id)
SELECT CASE WHEN n <= 5 THEN 1 WHEN n <= 17 THEN 2 + (n - 6) / 3 ELSE 6 + (n - 18) / 3 END, n
FROM generate_series(2, 53) AS n;

INSERT INTO group_fixtures (group_id, fixture_id)
SELECT 18 + (n - 1) / 10, n FROM generate_series(1, 360) AS n
UNION ALL
SELECT 2 + n % 4, n FROM generate_series(1, 360) AS n WHERE n % 3 = 0
UNION ALL
SELECT 1, n FROM generate_series(1, 360) AS n WHERE n % 30 = 0;

INSERT INTO switches (name, switch_model_id, labjack_digital_pin, labjack_analog_pin, target_group_id, target_fixture_id)
SELECT 'Switch ' || n, 1 + n % 5, n % 16, CASE WHEN n % 5 = 2 THEN n % 16 END,
       CASE WHEN n % 3 > 0 THEN 18 + n % 36 END,
       CASE WHEN n % 3 = 0 THEN 1 + n * 5 % 360 END
FROM generate_series(1, 72) AS n;

INSERT INTO scenes (name, scope_group_id)
SELECT (ARRAY['Welcome', 'Reading', 'Cleaning', 'Dinner', 'Film', 'Off but paths'])[1 + n % 6], 6 + n % 48
FROM generate_series(1, 90) AS n;

INSERT INTO scene_values (scene_id, fixture_id, target_brightness, target_cct_kelvin)
SELECT s.id, m.fixture_id, 100 + (s.id * 37 + m.fixture_id * 13) % 900, 2200 + (s.id * 90) % 2600
FROM scenes AS s
JOIN v_group_membership AS m ON m.group_id = s.scope_group_id;

INSERT INTO fixture_state (fixture_id, goal_brightness, current_brightness, current_cct, is_on, updated_at)
SELECT f.id,
       CASE WHEN f.id % 3 = 0 THEN 0 ELSE f.id * 37 % 1001 END,
       CASE WHEN f.id % 3 = 0 THEN 0 ELSE f.id * 37 % 1001 END,
       CASE WHEN m.type = 'tunable_white' THEN 2200 + f.id * 17 % 2800 END,
       f.id % 3 <> 0,
       date_trunc('second', now()) - f.id * interval '40 seconds'
FROM fixtures AS f
JOIN fixture_models AS m ON m.id = f.fixture_model_id;

INSERT INTO group_state (group_id, circadian_suspended, circadian_suspended_at, last_active_scene_id)
SELECT g.id, g.id % 11 = 0, CASE WHEN g.id % 11 = 0 THEN now() - interval '3 hours' END,
       (SELECT min(s.id) FROM scenes AS s WHERE s.scope_group_id = g.id)
FROM groups AS g;

INSERT INTO switch_events (switch_id, action, value, happened_at)
SELECT 1 + n * 7 % 72,
       (ARRAY['press', 'release', 'hold', 'turn'])[1 + n % 4],
       CASE WHEN n % 4 = 3 THEN (n % 100) / 100.0 END,
       date_trunc('second', now()) - (12000 - n) * interval '50 seconds'
FROM generate_series(1, 12000) AS n;
