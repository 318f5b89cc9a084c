-- Operator families that somebody made, with what was put into them without a class.
SELECT 'operator family', f.oid, f.opfnamespace, f.opfname, format('%I.%I USING %I', n.nspname, f.opfname, m.amname), NULL,
       f.opfowner, NULL, format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname),
       (SELECT array_agg(format('ALTER OPERATOR FAMILY %I.%I USING %I ADD %s', n.nspname, f.opfname, m.amname, loose.member)
                         ORDER BY loose.member)
        FROM (SELECT format('OPERATOR %s %s%s', a.amopstrategy, a.amopopr::regoperator,
                     (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname)
                      FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace
                      WHERE sf.oid = a.amopsortfamily)) AS member
              FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::regclass
                AND d.objid = a.oid AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.refobjid = f.oid
              UNION ALL
              SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                            format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
              FROM pg_catalog.pg_amproc p JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::regclass
                AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.refobjid = f.oid) loose)
FROM pg_catalog.pg_opfamily f
JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
WHERE f.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_opfamily'::regclass AND d.objid = f.oid AND d.deptype = 'e')
