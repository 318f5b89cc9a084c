-- How many large objects there are, and how many of them the role may not read.
SELECT count(*)::int AS all,
       count(*) FILTER (
         WHERE NOT pg_has_role(lomowner, 'USAGE')
           AND current_setting('lo_compat_privileges') <> 'on'
           AND NOT EXISTS (
             SELECT FROM aclexplode(lomacl) a
              WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
       )::int AS closed
  FROM pg_largeobject_metadata
