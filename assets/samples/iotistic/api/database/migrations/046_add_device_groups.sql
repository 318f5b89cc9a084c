CREATE TABLE device_groups (
  id SERIAL PRIMARY KEY,
  name VARCHAR(100) NOT NULL UNIQUE,
  query JSONB
);

CREATE TABLE device_group_members (
  group_id INTEGER NOT NULL REFERENCES device_groups (id) ON DELETE CASCADE,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  PRIMARY KEY (group_id, device_uuid)
);
