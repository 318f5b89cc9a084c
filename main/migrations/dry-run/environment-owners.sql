-- What belongs to others than who asks, as ALTER … OWNER TO names it; not what follows its table or extension.
SELECT pg_catalog.upper(i.type) AS kind, i.identity, pg_catalog.pg_get_userbyid(o.owner)::text AS owner,
  pg_catalog.pg_has_role(o.owner, 'MEMBER') AS "isOurs"
FROM (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS catalog, oid, relowner AS owner, relnamespace AS schema, relkind = 'S' AS sequence
  FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, proowner, pronamespace, false FROM pg_catalog.pg_proc
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner, t.typnamespace, false
  FROM pg_catalog.pg_type AS t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
  WHERE t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c'
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, nspowner, oid, false FROM pg_catalog.pg_namespace
) AS o
JOIN pg_catalog.pg_namespace AS n ON n.oid = o.schema
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.catalog, o.oid, 0) AS i
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_get_userbyid(o.owner) NOT IN (current_user, 'pg_database_owner')
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = o.catalog AND d.objid = o.oid
      AND (d.deptype = 'e' OR (o.sequence AND d.deptype IN ('a', 'i') AND d.refclassid = o.catalog))
  )
ORDER BY i.type <> 'schema', i.type, i.identity
