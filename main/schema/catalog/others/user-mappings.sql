-- User mappings. Their options may hold passwords: they are never read.
SELECT 'user mapping', m.umid, NULL, format('%s on %s', m.usename, m.srvname),
       format('FOR %s SERVER %I', CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END, m.srvname), NULL, NULL,
       NULL, format('CREATE USER MAPPING FOR %s SERVER %I',
                    CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END, m.srvname), NULL
FROM pg_catalog.pg_user_mappings m
