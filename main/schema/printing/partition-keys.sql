-- Keys of partitioned tables.
SELECT k.n::int, pg_catalog.pg_get_partkeydef(k.relation)
FROM unnest($1::oid[]) WITH ORDINALITY k(relation, n)
