-- Access methods that came without an extension.
SELECT 'access method', m.oid, NULL, m.amname, quote_ident(m.amname), NULL, NULL, NULL,
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname, CASE m.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END,
         m.amhandler), NULL
FROM pg_catalog.pg_am m
WHERE m.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_am'::regclass AND d.objid = m.oid AND d.deptype = 'e')
