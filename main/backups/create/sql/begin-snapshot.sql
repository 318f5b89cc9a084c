-- Begins the transaction whose snapshot the dump and the counting of rows share.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
