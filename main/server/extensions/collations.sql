-- Collations that something here uses and whose sort order has changed with a library.
SELECT format('%I.%I', namespace.nspname, c.collname) AS name, c.collversion AS recorded,
       pg_collation_actual_version(c.oid) AS actual,
       format('ALTER COLLATION %I.%I REFRESH VERSION', namespace.nspname, c.collname) AS statement
  FROM pg_collation AS c
  JOIN pg_namespace AS namespace ON namespace.oid = c.collnamespace
 WHERE c.collversion IS NOT NULL
   AND EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_collation'::regclass AND refobjid = c.oid)
   AND c.collversion <> pg_collation_actual_version(c.oid)
 ORDER BY 1
