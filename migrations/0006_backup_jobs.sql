-- What is backed up and proven by the clock. Ids are never given twice: a lock of one may still be held.
CREATE TABLE backup_job (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  -- Its id in the settings. The job outlives it, to be given another one.
  environment   TEXT NOT NULL,
  -- JSON, as the contract has them.
  action        TEXT NOT NULL,
  schedule      TEXT,
  retention     TEXT,
  is_on         INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  -- Times of the schedule up to this one were run, or told as missed.
  handled_until INTEGER NOT NULL
) STRICT;

CREATE TABLE backup_job_run (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  job        INTEGER NOT NULL REFERENCES backup_job ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  outcome    TEXT NOT NULL
    CHECK (outcome IN ('running', 'done', 'failed', 'cancelled', 'missed', 'overlapped', 'lost')),
  "by"       TEXT NOT NULL CHECK ("by" IN ('schedule', 'catch-up', 'hand', 'system')),
  said       TEXT NOT NULL,
  -- How often the same came of it in a row: of what was refused only the last is kept.
  times      INTEGER NOT NULL DEFAULT 1,
  backup     INTEGER REFERENCES backup ON DELETE SET NULL,
  -- A JSON array of paths.
  removed    TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX backup_job_run_by_job ON backup_job_run (job, id);
CREATE INDEX backup_job_run_by_backup ON backup_job_run (backup);

-- The job that made a backup. Its backups stay when it goes.
ALTER TABLE backup ADD COLUMN job INTEGER REFERENCES backup_job ON DELETE SET NULL;
CREATE INDEX backup_by_job ON backup (job);
-- JSON of what it was made of, as it was asked for. Null: nobody noted it.
ALTER TABLE backup ADD COLUMN contents TEXT;
