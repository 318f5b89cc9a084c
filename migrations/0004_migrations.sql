-- Projects' folders on this machine that an environment's migrations come from.
CREATE TABLE migration_folder (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  folder      TEXT NOT NULL,
  PRIMARY KEY (environment, folder)
) STRICT, WITHOUT ROWID;

-- Home-made state tables, as somebody described them.
CREATE TABLE migration_home (
  environment     INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database        TEXT NOT NULL,
  schema          TEXT NOT NULL,
  "table"         TEXT NOT NULL,
  name_column     TEXT NOT NULL,
  time_column     TEXT,
  checksum_column TEXT,
  folder          TEXT NOT NULL,
  PRIMARY KEY (environment, database, schema, "table")
) STRICT, WITHOUT ROWID;

-- What a migration's file was like when it was first seen applied, for tools that keep no checksum themselves.
CREATE TABLE migration_file (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database    TEXT NOT NULL,
  track       TEXT NOT NULL,
  id          TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  seen_at     INTEGER NOT NULL,
  PRIMARY KEY (environment, database, track, id)
) STRICT, WITHOUT ROWID;

-- Commands of tools that somebody changed.
CREATE TABLE migration_command (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  track       TEXT NOT NULL,
  action      TEXT NOT NULL,
  command     TEXT NOT NULL,
  PRIMARY KEY (environment, track, action)
) STRICT, WITHOUT ROWID;

-- Files of seeds that were run.
CREATE TABLE seed_run (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database    TEXT NOT NULL,
  folder      TEXT NOT NULL,
  file        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  ran_at      INTEGER NOT NULL,
  PRIMARY KEY (environment, database, folder, file)
) STRICT, WITHOUT ROWID;
