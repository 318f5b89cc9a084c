-- Every extension but the procedural language that each database begins with.
SELECT e.oid, e.extname, e.extnamespace, e.extversion, e.extowner
FROM pg_catalog.pg_extension e
WHERE e.oid >= 16384
