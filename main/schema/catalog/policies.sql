-- Every policy of row security, without its expressions.
SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive, p.polroles, p.polqual IS NOT NULL,
       p.polwithcheck IS NOT NULL
FROM pg_catalog.pg_policy p
