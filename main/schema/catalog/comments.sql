-- Every comment on what somebody made; schemas may be as old as the database.
SELECT d.classoid::regclass, d.objoid, d.objsubid, d.description
FROM pg_catalog.pg_description d
WHERE d.objoid >= 16384 OR d.classoid = 'pg_catalog.pg_namespace'::regclass
