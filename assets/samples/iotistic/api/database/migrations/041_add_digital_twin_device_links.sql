CREATE TABLE digital_twin_device_links (
  entity_id INTEGER NOT NULL REFERENCES digital_twin_entities (id) ON DELETE CASCADE,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  linked_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (entity_id, device_uuid)
);
