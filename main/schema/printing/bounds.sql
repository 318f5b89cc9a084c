-- Bounds of partitions. They can't refer to columns: printed with no relation they wait for no lock.
SELECT k.n::int, pg_catalog.pg_get_expr(c.relpartbound, 0)
FROM unnest($1::oid[]) WITH ORDINALITY k(relation, n)
JOIN pg_catalog.pg_class c ON c.oid = k.relation
