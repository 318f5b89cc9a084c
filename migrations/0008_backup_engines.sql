-- Stanzas of pgBackRest and servers of Barman that somebody noted. Ids are never given twice: jobs name them.
CREATE TABLE backup_engine (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Engines outlive their environment.
  environment INTEGER REFERENCES environment ON DELETE SET NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('pgbackrest', 'barman')),
  name        TEXT NOT NULL,
  -- Where its program runs; the place is an account of this machine, a container or a host.
  place_kind  TEXT NOT NULL CHECK (place_kind IN ('local', 'docker', 'ssh')),
  place       TEXT NOT NULL,
  -- Empty: where the engine looks by itself.
  config      TEXT NOT NULL,
  -- JSON: what it was read to say last, and when that was.
  said        TEXT,
  read_at     INTEGER,
  -- JSON: why it could not be read the last time.
  problem     TEXT,
  UNIQUE (kind, name, place_kind, place, config)
) STRICT;
