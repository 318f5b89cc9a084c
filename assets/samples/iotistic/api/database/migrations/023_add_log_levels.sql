CREATE TYPE log_level AS ENUM ('debug', 'info', 'warn', 'error');

ALTER TABLE device_logs ADD COLUMN level log_level NOT NULL DEFAULT 'info';

CREATE INDEX idx_device_logs_errors ON device_logs ("timestamp" DESC) WHERE level = 'error';
