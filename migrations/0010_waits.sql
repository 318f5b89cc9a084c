-- Blocking episodes and active sessions over time. Times are milliseconds since 1970, UTC.

CREATE TABLE lock_episode (
  id              INTEGER PRIMARY KEY,
  environment     INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  began           INTEGER NOT NULL,
  -- Null while it goes on, or until somebody looks again.
  ended           INTEGER,
  last_seen       INTEGER NOT NULL,
  end_kind        TEXT,
  -- pid and start of the root's session, or the id of a prepared transaction.
  root_key        TEXT NOT NULL,
  -- JSON: the party as it was last seen.
  root            TEXT NOT NULL,
  most_waiters    INTEGER NOT NULL,
  longest_wait_ms INTEGER NOT NULL,
  waited_ms       INTEGER NOT NULL,
  samples         INTEGER NOT NULL,
  -- JSON: targets and modes with the most waiters at once.
  locks           TEXT NOT NULL,
  -- Compressed JSON: the graph when most waited.
  worst           BLOB NOT NULL
) STRICT;
CREATE INDEX lock_episode_by_time ON lock_episode (environment, last_seen);

-- Waits that were too short to be worth an episode, by the hour.
CREATE TABLE lock_brief (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  episodes    INTEGER NOT NULL,
  waited_ms   INTEGER NOT NULL,
  PRIMARY KEY (environment, at)
) STRICT, WITHOUT ROWID;

-- Active sessions in a step of time: packed tuples of words and ms, compressed.
CREATE TABLE wait_step (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  grain_ms    INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  value       BLOB NOT NULL,
  PRIMARY KEY (environment, grain_ms, at)
) STRICT, WITHOUT ROWID;

-- What the numbers in steps stand for: names, wait events and statements, until no step speaks of them.
CREATE TABLE wait_word (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  -- From 1 in each environment: small numbers take little room.
  id          INTEGER NOT NULL,
  -- `wait`, `user`, `application`, `database` or `statement`.
  kind        TEXT NOT NULL,
  -- A statement's key is its query id, or a hash of its text where it has none.
  key         TEXT NOT NULL,
  -- A statement's text, its constants replaced.
  text        TEXT,
  last_at     INTEGER NOT NULL,
  PRIMARY KEY (environment, id),
  UNIQUE (environment, kind, key)
) STRICT, WITHOUT ROWID;

-- Versions that applications name themselves with.
CREATE TABLE application_version (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  application TEXT NOT NULL,
  version     TEXT NOT NULL,
  first_at    INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  PRIMARY KEY (environment, application, version)
) STRICT, WITHOUT ROWID;
