CREATE TABLE mqtt_topics (
  id SERIAL PRIMARY KEY,
  topic VARCHAR(500) NOT NULL UNIQUE,
  message_type VARCHAR(20) CHECK (message_type IN ('json', 'xml', 'string', 'binary')),
  schema JSONB,
  first_seen TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_seen TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
