-- Access methods, tablespaces and languages by name.
SELECT 'method', a.oid, a.amname FROM pg_catalog.pg_am a
UNION ALL
SELECT 'tablespace', t.oid, t.spcname FROM pg_catalog.pg_tablespace t
UNION ALL
SELECT 'language', l.oid, l.lanname FROM pg_catalog.pg_language l
