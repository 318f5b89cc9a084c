UPDATE fixture_state
SET goal_brightness = $2::integer, current_brightness = $2::integer, is_on = $2::integer > 0
WHERE fixture_id = $1
