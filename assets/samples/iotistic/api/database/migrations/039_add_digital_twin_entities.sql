-- Spatial entities as they were read from a building model (IFC).
CREATE TABLE digital_twin_entities (
  id SERIAL PRIMARY KEY,
  expressid INTEGER NOT NULL,
  global_id VARCHAR(22) NOT NULL UNIQUE,
  entity_type VARCHAR(100) NOT NULL,
  name VARCHAR(255),
  properties JSONB NOT NULL DEFAULT '{}',
  min_x DOUBLE PRECISION, min_y DOUBLE PRECISION, min_z DOUBLE PRECISION,
  max_x DOUBLE PRECISION, max_y DOUBLE PRECISION, max_z DOUBLE PRECISION,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_digital_twin_entities_type ON digital_twin_entities (entity_type);
CREATE INDEX idx_digital_twin_entities_properties ON digital_twin_entities USING GIN (properties);
