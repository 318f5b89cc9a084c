CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT new_id(),
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  email text NOT NULL,
  name text NOT NULL,
  auth_provider text NOT NULL DEFAULT 'local',
  role_id uuid NOT NULL REFERENCES roles (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_auth_provider_known CHECK (auth_provider IN ('local', 'github', 'gitlab', 'google', 'saml'))
);

CREATE UNIQUE INDEX idx_users_email ON users (lower(email));
CREATE INDEX idx_users_team ON users (team_id);
CREATE INDEX idx_users_role ON users (role_id);
