-- The newest health report of each environment, as JSON of the contract, deflated.
CREATE TABLE health_report (
  environment INTEGER PRIMARY KEY REFERENCES environment ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  report      BLOB NOT NULL
) STRICT;
