-- Storage and collation that columns have by their type; types with storage x and no collation are left out.
SELECT t.oid, t.typstorage, nullif(t.typcollation, 0)
FROM pg_catalog.pg_type t
WHERE t.typstorage <> 'x' OR t.typcollation <> 0
