-- Locales that a database can be made with, as far as the server's own list tells.
SELECT DISTINCT collcollate::text AS name FROM pg_catalog.pg_collation WHERE collcollate IS NOT NULL
UNION
SELECT datcollate::text FROM pg_catalog.pg_database
UNION
SELECT datctype::text FROM pg_catalog.pg_database
