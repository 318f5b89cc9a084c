-- What vacuum is up against, measured every ten minutes, kept a month.
CREATE TABLE maintenance_sample (
  environment    INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  at             INTEGER NOT NULL,
  -- That the tables and their dead rows are of; ages are the whole server's worst.
  database       TEXT NOT NULL,
  xid_age        INTEGER NOT NULL,
  multixact_age  INTEGER NOT NULL,
  -- Of the oldest snapshot that anybody holds, in transactions; null: nobody holds one.
  xmin_age       INTEGER,
  dead_rows      INTEGER NOT NULL,
  -- The most active heaps, 16 bytes each: oid, then dead, inserted and changed rows. Emptied after two days.
  tables         BLOB,
  PRIMARY KEY (environment, at)
) STRICT, WITHOUT ROWID;

-- Old rows that go by a rule. Ids are never given twice: somebody may have written one down.
CREATE TABLE retention_job (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE COLLATE NOCASE,
  -- Its id in the settings.
  environment TEXT NOT NULL,
  -- JSON, as the contract has it.
  target      TEXT NOT NULL,
  -- Of the environment when somebody saved the job: what was saved freely does not run by itself on a guarded one.
  protection  TEXT NOT NULL,
  saved_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE retention_run (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  job        INTEGER NOT NULL REFERENCES retention_job ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  outcome    TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'failed', 'stopped', 'lost')),
  "by"       TEXT NOT NULL CHECK ("by" IN ('hand', 'schedule')),
  said       TEXT NOT NULL,
  -- Rows deleted one by one; null where whole partitions went.
  rows       INTEGER,
  -- A JSON array of the partitions that were dropped.
  dropped    TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX retention_run_by_job ON retention_run (job, id);
