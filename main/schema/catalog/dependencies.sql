-- What views, rules, routine bodies and policies use, and what uses functions. A rule stands for its relation, a default
-- for its table.
SELECT DISTINCT coalesce(r.ev_class, f.adrelid, d.objid), d.refobjid
FROM pg_catalog.pg_depend d
LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid
WHERE d.deptype = 'n' AND d.refobjid >= 16384
  AND (d.refclassid = 'pg_catalog.pg_proc'::regclass
         AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass,
                           'pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_constraint'::regclass,
                           'pg_catalog.pg_class'::regclass, 'pg_catalog.pg_policy'::regclass,
                           'pg_catalog.pg_type'::regclass)
       OR d.refclassid = 'pg_catalog.pg_class'::regclass
         AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass,
                           'pg_catalog.pg_policy'::regclass))
  AND coalesce(r.ev_class, f.adrelid, d.objid) <> d.refobjid
