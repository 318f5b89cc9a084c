-- Operators that somebody made. Of a pair that names each other the first makes the second's shell.
SELECT 'operator', o.oid, o.oprnamespace, o.oprname, o.oid::regoperator, NULL, o.oprowner, NULL,
       format('CREATE OPERATOR %I.%s (PROCEDURE = %s%s%s%s%s%s%s%s%s)', n.nspname, o.oprname, o.oprcode,
         CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
         CASE WHEN o.oprright = 0 THEN '' ELSE ', RIGHTARG = ' || format_type(o.oprright, NULL) END,
         (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', m.nspname, p.oprname)
          FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace m ON m.oid = p.oprnamespace WHERE p.oid = o.oprcom),
         (SELECT format(', NEGATOR = OPERATOR(%I.%s)', m.nspname, p.oprname)
          FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace m ON m.oid = p.oprnamespace WHERE p.oid = o.oprnegate),
         CASE WHEN o.oprrest = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest::text END,
         CASE WHEN o.oprjoin = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin::text END,
         CASE WHEN o.oprcanhash THEN ', HASHES' END, CASE WHEN o.oprcanmerge THEN ', MERGES' END), NULL
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid >= 16384 AND o.oprcode <> 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e')
