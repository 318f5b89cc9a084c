CREATE TABLE application_releases (
  id SERIAL PRIMARY KEY,
  application_id INTEGER NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  version VARCHAR(50) NOT NULL,
  composition JSONB NOT NULL DEFAULT '{}',
  is_final BOOLEAN NOT NULL DEFAULT false,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (application_id, version)
);
