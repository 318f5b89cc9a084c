CREATE TABLE image_tags (
  id SERIAL PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  tag VARCHAR(128) NOT NULL,
  digest CHAR(71),
  size_bytes BIGINT,
  pushed_at TIMESTAMPTZ,
  UNIQUE (image_id, tag)
);
