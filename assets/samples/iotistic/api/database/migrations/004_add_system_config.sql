CREATE TABLE system_config (
  key VARCHAR(255) PRIMARY KEY,
  value JSONB NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO system_config (key, value) VALUES
  ('api.rate_limit', '{"windowMs": 60000, "max": 600}'),
  ('retention.metrics_days', '90'),
  ('retention.logs_days', '7');
