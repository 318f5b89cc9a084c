CREATE TABLE webhook_endpoints (
  id SERIAL PRIMARY KEY,
  url VARCHAR(500) NOT NULL,
  events TEXT[] NOT NULL DEFAULT '{}',
  secret_hash VARCHAR(255),
  enabled BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE webhook_deliveries (
  id BIGSERIAL PRIMARY KEY,
  endpoint_id INTEGER NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  event_id UUID NOT NULL,
  response_code INTEGER,
  attempts INTEGER NOT NULL DEFAULT 1,
  delivered_at TIMESTAMPTZ
);
