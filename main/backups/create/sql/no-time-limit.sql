-- For what takes as long as there are rows.
SET LOCAL statement_timeout = 0
