-- Buckets that backups go to, by name. Their secret keys are in the keychain.
CREATE TABLE backup_bucket (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
  bucket     TEXT NOT NULL,
  prefix     TEXT NOT NULL,
  region     TEXT NOT NULL,
  endpoint   TEXT,
  path_style INTEGER NOT NULL CHECK (path_style IN (0, 1)),
  access_key TEXT
) STRICT;

-- What runs have put into buckets, or begun to, and have not finished: what a dead one left is cleared by the next.
CREATE TABLE backup_bucket_write (
  id     INTEGER PRIMARY KEY,
  -- The machine, the process, and chance: as in the names of unfinished files.
  run    TEXT NOT NULL,
  bucket INTEGER NOT NULL REFERENCES backup_bucket ON DELETE CASCADE,
  -- Of the backup that it belongs to, and its own; both with the bucket's prefix.
  backup TEXT NOT NULL,
  key    TEXT NOT NULL,
  -- Of the multipart upload, where it is one.
  upload TEXT
) STRICT;
CREATE INDEX backup_bucket_write_by_bucket ON backup_bucket_write (bucket, backup);
