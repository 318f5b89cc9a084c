-- Backups that Howdah made or that somebody noted. Ids are never given twice: somebody may have written one down.
CREATE TABLE backup (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Backups outlive their environment.
  environment    INTEGER REFERENCES environment ON DELETE SET NULL,
  -- Absolute. One path is one backup.
  path           TEXT NOT NULL UNIQUE,
  noted_at       INTEGER NOT NULL,
  format         TEXT NOT NULL,
  compression    TEXT NOT NULL,
  encrypted      INTEGER NOT NULL CHECK (encrypted IN (0, 1)),
  made_by        TEXT NOT NULL CHECK (made_by IN ('howdah', 'other')),
  at             INTEGER NOT NULL,
  duration_ms    REAL,
  bytes          INTEGER NOT NULL,
  database       TEXT,
  server_version TEXT,
  tool_version   TEXT,
  objects        INTEGER,
  sha256         TEXT
) STRICT;
CREATE INDEX backup_by_environment ON backup (environment, at);

-- Every proof and every failure to prove, as long as the backup is the same.
CREATE TABLE backup_verification (
  id     INTEGER PRIMARY KEY,
  backup INTEGER NOT NULL REFERENCES backup ON DELETE CASCADE,
  level  TEXT NOT NULL CHECK (level IN ('readable', 'restorable')),
  state  TEXT NOT NULL CHECK (state IN ('good', 'bad', 'unproven')),
  at     INTEGER NOT NULL,
  -- A JSON array of sentences.
  said   TEXT NOT NULL
) STRICT;
CREATE INDEX backup_verification_by_backup ON backup_verification (backup, id);

-- Folders, containers and hosts with PostgreSQL's programs, as somebody named them.
CREATE TABLE backup_tools (
  kind  TEXT NOT NULL CHECK (kind IN ('local', 'docker', 'compose', 'ssh')),
  place TEXT NOT NULL,
  PRIMARY KEY (kind, place)
) STRICT, WITHOUT ROWID;
