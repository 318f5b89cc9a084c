CREATE TABLE alerts (
  id BIGSERIAL PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  raised_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  resolved_at TIMESTAMPTZ,
  value NUMERIC
);

CREATE UNIQUE INDEX idx_alerts_open ON alerts (rule_id, device_uuid) WHERE resolved_at IS NULL;
