-- Howdah's own store. Times are milliseconds since 1970, UTC.

CREATE TABLE environment (
  key INTEGER PRIMARY KEY,
  id  TEXT NOT NULL UNIQUE
) STRICT;

-- Metrics over time. `value` holds doubles in the order of the contract's metric names: one a metric at
-- grain 0 (raw), three (mean, low, high) at coarser grains; NaN where nothing is known.
CREATE TABLE metric_sample (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  grain_ms    INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  value       BLOB NOT NULL,
  PRIMARY KEY (environment, grain_ms, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE database_size (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  database    TEXT NOT NULL,
  bytes       INTEGER,
  PRIMARY KEY (environment, at, database)
) STRICT, WITHOUT ROWID;

-- What happened at a server, to be laid over the charts.
CREATE TABLE event (
  id          INTEGER PRIMARY KEY,
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  text        TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (environment, at);

-- Who did what. Rows outlive the environment they speak of.
CREATE TABLE audit (
  id               INTEGER PRIMARY KEY,
  at               INTEGER NOT NULL,
  took_ms          INTEGER,
  who              TEXT NOT NULL,
  environment_id   TEXT,
  environment_name TEXT,
  procedure        TEXT NOT NULL,
  risk             TEXT NOT NULL,
  input            TEXT NOT NULL,
  outcome          TEXT NOT NULL CHECK (outcome IN ('started', 'done', 'failed', 'refused')),
  result           TEXT
) STRICT;
CREATE INDEX audit_by_environment ON audit (environment_id, id);
