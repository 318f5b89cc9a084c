ALTER TABLE change_events DROP COLUMN team_id;
