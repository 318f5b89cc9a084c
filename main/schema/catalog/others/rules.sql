-- Rules that somebody wrote; those of views are the views.
SELECT 'rule', r.oid, c.relnamespace, r.rulename,
       format('%I ON %I.%I', r.rulename, n.nspname, c.relname), c.oid, NULL, NULL, NULL,
       CASE r.ev_enabled WHEN 'O' THEN NULL ELSE ARRAY[format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname,
         CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename)] END
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND r.oid >= 16384
