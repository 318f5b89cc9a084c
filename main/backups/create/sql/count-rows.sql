-- The rows of one table, and of none that inherits from it.
SELECT count(*)::text AS rows FROM ONLY :table
