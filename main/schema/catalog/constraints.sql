-- Every constraint of tables and domains, without what only the printing functions tell.
SELECT c.oid, c.conname, nullif(c.conrelid, 0), nullif(c.contypid, 0), c.contype, c.conkey, nullif(c.confrelid, 0),
       c.confkey, c.confupdtype, c.confdeltype, c.confmatchtype, c.condeferrable, c.condeferred, c.convalidated,
       coalesce({{c.pg_constraint.conenforced::bool}}, true), c.connoinherit, c.conislocal, nullif(c.conparentid, 0),
       nullif(c.conindid, 0)
FROM pg_catalog.pg_constraint c
WHERE c.oid >= 16384
