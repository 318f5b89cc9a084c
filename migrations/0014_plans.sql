-- Plans that were looked at, so that before and after an index can be compared. A few of each environment.
CREATE TABLE plan_kept (
  -- Never given twice: an address may name one.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  -- Milliseconds since 1970, UTC.
  at          INTEGER NOT NULL,
  -- How it was had: JSON of the contract's PlanOrigin.
  origin      TEXT NOT NULL,
  -- The statement; null for a plan that does not name it.
  text        TEXT,
  -- 1 when it was run.
  analyzed    INTEGER NOT NULL,
  -- Milliseconds; null where it was not run.
  execution_ms REAL,
  total_cost  REAL,
  -- JSON of the contract's Plan, deflated.
  plan        BLOB NOT NULL,
  -- The plan as the server gave it, deflated.
  json        BLOB NOT NULL
) STRICT;
CREATE INDEX plan_kept_by_environment ON plan_kept (environment, id);
