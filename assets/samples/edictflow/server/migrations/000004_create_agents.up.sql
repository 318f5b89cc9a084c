CREATE TABLE agents (
  id uuid PRIMARY KEY DEFAULT new_id(),
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  hostname text NOT NULL,
  last_seen timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_agents_team ON agents (team_id);
CREATE INDEX idx_agents_user ON agents (user_id);
CREATE INDEX idx_agents_last_seen ON agents (last_seen);
