-- Operator classes that somebody made.
SELECT 'operator class', c.oid, c.opcnamespace, c.opcname, format('%I.%I USING %I', n.nspname, c.opcname, m.amname), NULL,
       c.opcowner, NULL,
       format('CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS %s', n.nspname, c.opcname,
         CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname,
         (SELECT string_agg(parts.member, ', ' ORDER BY parts.rank, parts.member)
          FROM (SELECT 0 AS rank, 'STORAGE ' || format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), NULL) AS member
                WHERE c.opckeytype <> 0 OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid AND d.deptype = 'i')
                UNION ALL
                SELECT 1, format('OPERATOR %s %s%s', a.amopstrategy, a.amopopr::regoperator,
                       (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname)
                        FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace
                        WHERE sf.oid = a.amopsortfamily))
                FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::regclass
                  AND d.objid = a.oid AND d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid
                UNION ALL
                SELECT 2, format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                              format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
                FROM pg_catalog.pg_amproc p JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::regclass
                  AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid) parts)), NULL
FROM pg_catalog.pg_opclass c
JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_opclass'::regclass AND d.objid = c.oid AND d.deptype = 'e')
