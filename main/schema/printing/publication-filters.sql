-- Row filters of publications. 15 and later.
SELECT k.n::int, pg_catalog.pg_get_expr(r.prqual, r.prrelid)
FROM unnest($1::oid[], $2::oid[]) WITH ORDINALITY k(publication, relation, n)
JOIN pg_catalog.pg_publication_rel r ON r.prpubid = k.publication AND r.prrelid = k.relation
