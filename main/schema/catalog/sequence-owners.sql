-- The column that each sequence belongs to: i by identity, a by OWNED BY.
SELECT d.objid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_catalog.pg_depend d
WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
  AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  AND d.objid IN (SELECT s.seqrelid FROM pg_catalog.pg_sequence s)
