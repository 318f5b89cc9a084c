CREATE TABLE refresh_tokens (
  id SERIAL PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES user_sessions (id) ON DELETE CASCADE,
  token_hash VARCHAR(255) NOT NULL UNIQUE,
  revoked BOOLEAN NOT NULL DEFAULT false,
  expires_at TIMESTAMPTZ NOT NULL
);
