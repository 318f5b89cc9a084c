-- Procedural languages that came without an extension.
SELECT 'language', l.oid, NULL, l.lanname, quote_ident(l.lanname), NULL, l.lanowner, l.lanacl,
       format('CREATE %sLANGUAGE %I HANDLER %s%s%s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname,
         l.lanplcallfoid::regproc, ' INLINE ' || nullif(l.laninline, 0)::regproc::text,
         ' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc::text), NULL
FROM pg_catalog.pg_language l
WHERE l.lanispl AND l.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_language'::regclass AND d.objid = l.oid AND d.deptype = 'e')
