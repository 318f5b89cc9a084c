-- Structures of databases as they were. One structure is kept once, however many snapshots say that it was so.
CREATE TABLE schema_structure (
  key    INTEGER PRIMARY KEY,
  -- Of what it says, without what is no change.
  digest TEXT NOT NULL,
  tables INTEGER NOT NULL,
  bytes  INTEGER NOT NULL
) STRICT;

-- A model's JSON, deflated: its parts, then its definitions, in their order.
CREATE TABLE schema_piece (
  key       INTEGER PRIMARY KEY,
  structure INTEGER NOT NULL REFERENCES schema_structure ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN ('part', 'definitions')),
  content   BLOB NOT NULL
) STRICT;
CREATE INDEX schema_piece_by_structure ON schema_piece (structure, key);

-- Ids are never given twice: somebody may have written one down.
CREATE TABLE schema_snapshot (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Snapshots outlive their environment.
  environment    INTEGER REFERENCES environment ON DELETE SET NULL,
  structure      INTEGER NOT NULL REFERENCES schema_structure,
  origin         TEXT NOT NULL,
  database       TEXT NOT NULL,
  -- Who read it: another role sees another structure.
  role           TEXT NOT NULL,
  server_version TEXT NOT NULL,
  taken_at       INTEGER NOT NULL,
  seen_until     INTEGER NOT NULL,
  name           TEXT,
  automatic      INTEGER NOT NULL CHECK (automatic IN (0, 1))
) STRICT;
CREATE INDEX schema_snapshot_by_environment ON schema_snapshot (environment, database, taken_at);
CREATE INDEX schema_snapshot_by_structure ON schema_snapshot (structure);
