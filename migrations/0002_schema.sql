-- Where boxes of a diagram were left by hand. Positions are in the diagram's own units.
CREATE TABLE diagram_place (
  environment INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
  database    TEXT NOT NULL,
  schema      TEXT NOT NULL,
  "table"     TEXT NOT NULL,
  x           REAL NOT NULL,
  y           REAL NOT NULL,
  PRIMARY KEY (environment, database, schema, "table")
) STRICT, WITHOUT ROWID;
