-- Expressions of generated columns.
SELECT k.n::int, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY k(relation, attribute, n)
JOIN pg_catalog.pg_attrdef d ON d.adrelid = k.relation AND d.adnum = k.attribute
