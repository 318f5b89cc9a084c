-- The server and the options of every foreign table.
SELECT t.ftrelid, t.ftserver, t.ftoptions
FROM pg_catalog.pg_foreign_table t
