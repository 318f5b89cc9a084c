-- Collations that somebody made. ICU's locale: in collcollate up to 14, of its own in 15 and 16, of both providers' from 17
-- on; rules: 16 and later.
SELECT 'collation', c.oid, c.collnamespace, c.collname, format('%I.%I', n.nspname, c.collname), NULL, c.collowner, NULL,
       format('CREATE COLLATION %I.%I (provider = %s%s%s%s)', n.nspname, c.collname,
         CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
         CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END,
         CASE WHEN c.collprovider = 'c' AND c.collcollate = c.collctype THEN ', locale = ' || quote_literal(c.collcollate)
              WHEN c.collprovider = 'c' THEN ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype)
              ELSE ', locale = ' || quote_literal(coalesce({{c.pg_collation.colllocale::text}}, {{c.pg_collation.colliculocale::text}}, c.collcollate)) END,
         coalesce(', rules = ' || quote_literal({{c.pg_collation.collicurules::text}}), '')), NULL
FROM pg_catalog.pg_collation c
JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_collation'::regclass AND d.objid = c.oid AND d.deptype = 'e')
