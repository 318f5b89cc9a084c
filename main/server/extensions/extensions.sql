-- Extensions of this database and those that could be installed, with what each brings.
SELECT coalesce(installed.extname, available.name)::text AS name, installed.extversion AS version,
       available.default_version AS available, available.comment,
       namespace.nspname::text AS schema, pg_get_userbyid(installed.extowner)::text AS owner,
       CASE WHEN installed.oid IS NOT NULL THEN
         (SELECT count(*)::int FROM pg_depend
           WHERE refclassid = 'pg_extension'::regclass AND refobjid = installed.oid AND deptype = 'e')
       END AS objects,
       installed.extversion IS DISTINCT FROM available.default_version AND EXISTS (
         SELECT FROM pg_extension_update_paths(installed.extname) AS way
          WHERE way.source = installed.extversion AND way.target = available.default_version
            AND way.path IS NOT NULL) AS can_update,
       quote_ident(installed.extname) AS quoted, quote_literal(available.default_version) AS wanted
  FROM pg_extension AS installed
  LEFT JOIN pg_namespace AS namespace ON namespace.oid = installed.extnamespace
  FULL JOIN pg_available_extensions AS available ON available.name = installed.extname
 ORDER BY installed.extname IS NULL, 1
