-- Storage parameters of TOAST tables, by the table that they belong to.
SELECT c.oid, t.reloptions
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_class c ON c.reltoastrelid = t.oid
WHERE t.relkind = 't' AND t.reloptions IS NOT NULL
