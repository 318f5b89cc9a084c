-- Queries of views and materialised views.
SELECT k.n::int, pg_catalog.pg_get_viewdef(k.relation)
FROM unnest($1::oid[]) WITH ORDINALITY k(relation, n)
