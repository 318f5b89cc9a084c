CREATE TYPE service_status AS ENUM ('running', 'stopped', 'exited', 'downloading');

CREATE TABLE device_services (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  application_id INTEGER REFERENCES applications (id) ON DELETE SET NULL,
  service_name VARCHAR(255) NOT NULL,
  image VARCHAR(500) NOT NULL,
  status service_status NOT NULL DEFAULT 'downloading',
  started_at TIMESTAMPTZ,
  UNIQUE (device_uuid, service_name)
);
