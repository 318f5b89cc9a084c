-- Settings of servers over time, what is known of their machines, and how they write and replicate.

-- The value of each setting as last seen, so that a change is told from a first look.
CREATE TABLE server_setting (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  name        TEXT NOT NULL,
  value       TEXT NOT NULL,
  -- 1 while the file has another value that takes a restart.
  pending     INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  PRIMARY KEY (environment, name)
) STRICT, WITHOUT ROWID;

-- Each change that was noticed, between two looks.
CREATE TABLE server_setting_change (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  name        TEXT NOT NULL,
  before      TEXT NOT NULL,
  after       TEXT NOT NULL,
  PRIMARY KEY (environment, name, at)
) STRICT, WITHOUT ROWID;

-- What somebody said of the machine that a server runs on, as JSON.
CREATE TABLE server_machine (
  environment INTEGER PRIMARY KEY REFERENCES environment ON DELETE CASCADE,
  given       TEXT NOT NULL
) STRICT;

-- Rates over time. `value` holds doubles in the order of the contract's series: one a series at the finest grain,
-- three (mean, low, high) at coarser ones; NaN where nothing is known.
CREATE TABLE server_rate (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  grain_ms    INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  value       BLOB NOT NULL,
  PRIMARY KEY (environment, grain_ms, at)
) STRICT, WITHOUT ROWID;
