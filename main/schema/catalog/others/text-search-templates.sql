-- Templates of text search that somebody made.
SELECT 'text search template', t.oid, t.tmplnamespace, t.tmplname, format('%I.%I', n.nspname, t.tmplname), NULL, NULL, NULL,
       format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s)', n.nspname, t.tmplname,
         'INIT = ' || nullif(t.tmplinit, 0)::regproc::text || ', ', t.tmpllexize), NULL
FROM pg_catalog.pg_ts_template t
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_ts_template'::regclass AND d.objid = t.oid AND d.deptype = 'e')
