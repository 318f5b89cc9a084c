CREATE TABLE device_jobs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  template_id INTEGER REFERENCES job_templates (id) ON DELETE SET NULL,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  status VARCHAR(20) NOT NULL DEFAULT 'QUEUED'
    CHECK (status IN ('QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELED')),
  exit_code INTEGER,
  queued_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  completed_at TIMESTAMPTZ
);

CREATE INDEX idx_device_jobs_open ON device_jobs (device_uuid) WHERE status IN ('QUEUED', 'IN_PROGRESS');
