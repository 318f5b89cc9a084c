CREATE TABLE digital_twin_relationships (
  id SERIAL PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES digital_twin_entities (id) ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES digital_twin_entities (id) ON DELETE CASCADE,
  relationship_type VARCHAR(50) NOT NULL CHECK (relationship_type IN ('CONTAINS', 'ADJACENT_TO', 'SERVES', 'MONITORS')),
  UNIQUE (source_id, target_id, relationship_type),
  CHECK (source_id <> target_id)
);

CREATE INDEX idx_digital_twin_relationships_target ON digital_twin_relationships (target_id);
