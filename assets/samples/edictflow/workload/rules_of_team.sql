SELECT id, name, enforcement_mode, triggers FROM rules WHERE team_id = md5('team ' || $1)::uuid ORDER BY name
