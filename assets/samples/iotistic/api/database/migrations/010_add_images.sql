CREATE TABLE images (
  id SERIAL PRIMARY KEY,
  registry VARCHAR(255) NOT NULL,
  image_name VARCHAR(255) NOT NULL,
  category VARCHAR(50),
  approved BOOLEAN NOT NULL DEFAULT false,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (registry, image_name)
);
