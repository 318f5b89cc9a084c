-- Which rows policies let through.
SELECT k.n::int, pg_catalog.pg_get_expr(p.polqual, p.polrelid)
FROM unnest($1::oid[]) WITH ORDINALITY k(one, n)
JOIN pg_catalog.pg_policy p ON p.oid = k.one
