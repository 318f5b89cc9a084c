-- Sizes of tables over time. Times are milliseconds since 1970, UTC.

-- What there was in a database when last looked: tables, indexes and schemas with their numbers, by which sizes are kept.
CREATE TABLE storage_known (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database    TEXT NOT NULL,
  first_at    INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  -- Compressed JSON.
  value       BLOB NOT NULL,
  PRIMARY KEY (environment, database)
) STRICT, WITHOUT ROWID;

-- One look at the sizes. The first of each UTC day is whole, the others hold what changed since the one before.
CREATE TABLE storage_size (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database    TEXT NOT NULL,
  at          INTEGER NOT NULL,
  is_whole    INTEGER NOT NULL,
  -- Compressed whole numbers: see main/storage/growth/codec.ts.
  value       BLOB NOT NULL,
  PRIMARY KEY (environment, database, at)
) STRICT, WITHOUT ROWID;
