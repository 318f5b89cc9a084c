-- Statements over time, from pg_stat_statements. Times are milliseconds since 1970, UTC.

-- Texts, each kept once however many environments, users and databases run it.
CREATE TABLE statement_text (
  id    INTEGER PRIMARY KEY,
  -- The first 16 bytes of the SHA-256 of the text as kept.
  hash  BLOB NOT NULL UNIQUE,
  -- Deflated UTF-8.
  text  BLOB NOT NULL,
  -- Length of the whole on the server, bytes; more than is kept where the text was cut.
  bytes INTEGER NOT NULL
) STRICT;

-- Statements that steps speak of, by their ids.
CREATE TABLE statement (
  id          INTEGER PRIMARY KEY,
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  -- As the contract names it: user, database, query id and whether it ran at top level.
  key         TEXT NOT NULL,
  -- Null while it is not known.
  text        INTEGER REFERENCES statement_text,
  first_at    INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  UNIQUE (environment, key)
) STRICT;
CREATE INDEX statement_by_text ON statement (text);

-- Names of users and databases by oid, as they were last seen: they may be dropped before their statements are.
CREATE TABLE statement_name (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN ('user', 'database')),
  oid         INTEGER NOT NULL,
  name        TEXT NOT NULL,
  PRIMARY KEY (environment, kind, oid)
) STRICT, WITHOUT ROWID;

-- What statements did between two times. Grain 0 is from one snapshot to the next; coarser ones are made of finer ones.
CREATE TABLE statement_step (
  id          INTEGER PRIMARY KEY,
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  grain_ms    INTEGER NOT NULL,
  from_at     INTEGER NOT NULL,
  to_at       INTEGER NOT NULL,
  -- Bits: which counters were known all the time.
  known       INTEGER NOT NULL,
  -- Statements that the server gave up within it, at least.
  evicted     INTEGER NOT NULL,
  -- Bits: the counters were reset within it; the server restarted; part of what was done is lost.
  marks       INTEGER NOT NULL,
  -- Packed columns of statement ids and counters, compressed.
  entries     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX statement_step_by_time ON statement_step (environment, grain_ms, to_at);

-- The counters as last read, so that the time in which no console ran is one long step.
CREATE TABLE statement_snapshot (
  environment INTEGER PRIMARY KEY REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  -- JSON: the server's start, when the counters were reset, what is known.
  facts       TEXT NOT NULL,
  counters    BLOB NOT NULL
) STRICT;

-- Who ran a statement, as live samples saw it.
CREATE TABLE statement_application (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  query_id    TEXT NOT NULL,
  user        TEXT NOT NULL,
  database    TEXT NOT NULL,
  application TEXT NOT NULL,
  samples     INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  PRIMARY KEY (environment, query_id, user, database, application)
) STRICT, WITHOUT ROWID;
