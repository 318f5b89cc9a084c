-- The event list of a team shall not join over the agents.
ALTER TABLE change_events ADD COLUMN team_id uuid;

UPDATE change_events AS event SET team_id = agent.team_id FROM agents AS agent WHERE agent.id = event.agent_id;

ALTER TABLE change_events
  ALTER COLUMN team_id SET NOT NULL,
  ADD CONSTRAINT change_events_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE;
