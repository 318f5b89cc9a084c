INSERT INTO switch_events (switch_id, action) VALUES ($1, 'press')
