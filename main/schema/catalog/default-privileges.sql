-- What ALTER DEFAULT PRIVILEGES has left.
SELECT d.oid, d.defaclrole, nullif(d.defaclnamespace, 0), d.defaclobjtype, d.defaclacl
FROM pg_catalog.pg_default_acl d
