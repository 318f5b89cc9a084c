-- Transforms between types and languages that somebody made.
SELECT 'transform', t.oid, NULL, format('%s in %s', format_type(t.trftype, NULL), l.lanname),
       format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname), NULL, NULL, NULL,
       format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
         concat_ws(', ', 'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure::text,
                         'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure::text)), NULL
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_transform'::regclass AND d.objid = t.oid AND d.deptype = 'e')
