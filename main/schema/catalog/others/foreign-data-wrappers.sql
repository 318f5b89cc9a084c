-- Foreign-data wrappers that came without an extension. What sounds like a secret in their options never leaves the server.
SELECT 'foreign-data wrapper', w.oid, NULL, w.fdwname, quote_ident(w.fdwname), NULL, w.fdwowner, w.fdwacl,
       format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname, ' HANDLER ' || nullif(w.fdwhandler, 0)::regproc::text,
         ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc::text,
         (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', o.option_name,
            CASE WHEN o.option_name ~* 'pass|pwd|secret|token|credential|private|key$' THEN '(hidden)' ELSE o.option_value END), ', '))
          FROM pg_catalog.pg_options_to_table(w.fdwoptions) o HAVING count(*) > 0)), NULL
FROM pg_catalog.pg_foreign_data_wrapper w
WHERE w.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND d.objid = w.oid AND d.deptype = 'e')
