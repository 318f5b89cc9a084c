-- Views that show other roles rows of tables with row-level security as their owner sees them: all of them. 13 to 18.
SELECT n.nspname::text AS schema, v.relname::text AS view, o.rolname::text AS owner,
       v.relkind = 'm' AS materialized,
       CASE WHEN o.rolsuper THEN 'superuser' WHEN o.rolbypassrls THEN 'bypass' ELSE 'owner' END AS past,
       array_agg(DISTINCT tn.nspname || '.' || t.relname ORDER BY tn.nspname || '.' || t.relname) AS tables,
       readers.names AS readers
FROM pg_catalog.pg_class v
JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
JOIN pg_catalog.pg_roles o ON o.oid = v.relowner
JOIN pg_catalog.pg_rewrite w ON w.ev_class = v.oid
JOIN pg_catalog.pg_depend d
  ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p') AND t.relrowsecurity
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
-- Who may read it and would not see all rows of the tables by themselves.
CROSS JOIN LATERAL (
  SELECT array_agg(DISTINCT coalesce(g.rolname::text, 'PUBLIC') ORDER BY coalesce(g.rolname::text, 'PUBLIC')) AS names
  FROM aclexplode(v.relacl) a
  LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
  WHERE a.privilege_type = 'SELECT' AND a.grantee <> v.relowner
    AND NOT coalesce(g.rolsuper OR g.rolbypassrls, false)
) readers
WHERE v.relkind IN ('v', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
    SELECT FROM unnest(v.reloptions) option WHERE option ~* '^security_invoker=(true|on|yes|1)$')
  AND (o.rolsuper OR o.rolbypassrls OR t.relowner = v.relowner AND NOT t.relforcerowsecurity)
  AND readers.names IS NOT NULL
GROUP BY n.nspname, v.relname, o.rolname, v.relkind, o.rolsuper, o.rolbypassrls, readers.names
ORDER BY 1, 2
LIMIT 200
