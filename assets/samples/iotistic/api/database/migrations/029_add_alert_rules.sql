CREATE TYPE alert_severity AS ENUM ('info', 'warning', 'critical');

CREATE TABLE alert_rules (
  id SERIAL PRIMARY KEY,
  name VARCHAR(255) NOT NULL UNIQUE,
  metric VARCHAR(50) NOT NULL,
  operator VARCHAR(2) NOT NULL CHECK (operator IN ('>', '>=', '<', '<=')),
  threshold NUMERIC NOT NULL,
  duration_seconds INTEGER NOT NULL DEFAULT 300,
  severity alert_severity NOT NULL DEFAULT 'warning',
  enabled BOOLEAN NOT NULL DEFAULT true
);
