-- Databases that swaps keep on servers. Oids tell them from others that bear their names later.
CREATE TABLE backup_swap (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Where it was done. What is kept outlives the environment: others of the same server show it.
  environment INTEGER REFERENCES environment ON DELETE SET NULL,
  -- The server's system identifier; null where it may not be asked.
  system      TEXT,
  at          INTEGER NOT NULL,
  database    TEXT NOT NULL,
  kept        TEXT NOT NULL,
  oid         INTEGER NOT NULL,
  holds       TEXT NOT NULL CHECK (holds IN ('former', 'restored', 'unknown')),
  backup      INTEGER REFERENCES backup ON DELETE SET NULL,
  -- Of the backup.
  path        TEXT
) STRICT;
CREATE INDEX backup_swap_by_environment ON backup_swap (environment);
CREATE INDEX backup_swap_by_backup ON backup_swap (backup);
CREATE INDEX backup_swap_by_system ON backup_swap (system);
