-- How large one relation is now. It waits for whoever holds an ACCESS EXCLUSIVE lock on it.
SELECT pg_catalog.pg_relation_size($1::oid)::float8 AS bytes
