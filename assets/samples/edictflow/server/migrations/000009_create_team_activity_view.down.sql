DROP VIEW v_team_activity;
