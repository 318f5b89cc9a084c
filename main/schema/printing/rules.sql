-- Rules as they are defined.
SELECT k.n::int, pg_catalog.pg_get_ruledef(k.one)
FROM unnest($1::oid[]) WITH ORDINALITY k(one, n)
