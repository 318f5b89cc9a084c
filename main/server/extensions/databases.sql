-- Databases whose sort order is that of another version of the library than it is now (15+).
SELECT datname::text AS name, datcollversion AS recorded, pg_database_collation_actual_version(oid) AS actual,
       format('ALTER DATABASE %I REFRESH COLLATION VERSION', datname) AS statement
  FROM pg_database
 WHERE datcollversion IS NOT NULL AND datcollversion <> pg_database_collation_actual_version(oid)
 ORDER BY datname
