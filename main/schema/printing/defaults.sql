-- Defaults of columns. They can't refer to columns: printed with no relation they wait for no lock.
SELECT k.n::int, pg_catalog.pg_get_expr(d.adbin, 0)
FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY k(relation, attribute, n)
JOIN pg_catalog.pg_attrdef d ON d.adrelid = k.relation AND d.adnum = k.attribute
JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relation AND a.attnum = k.attribute AND a.attgenerated = ''
