-- Functions and procedures as they are defined. Aggregates have no such text.
SELECT k.n::int, pg_catalog.pg_get_functiondef(k.one)
FROM unnest($1::oid[]) WITH ORDINALITY k(one, n)
