-- Parsers of text search that somebody made.
SELECT 'text search parser', p.oid, p.prsnamespace, p.prsname, format('%I.%I', n.nspname, p.prsname), NULL, NULL, NULL,
       format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, LEXTYPES = %s%s)', n.nspname, p.prsname,
         p.prsstart, p.prstoken, p.prsend, p.prslextype, ', HEADLINE = ' || nullif(p.prsheadline, 0)::regproc::text), NULL
FROM pg_catalog.pg_ts_parser p
JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_ts_parser'::regclass AND d.objid = p.oid AND d.deptype = 'e')
