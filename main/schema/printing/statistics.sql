-- Extended statistics as they are defined.
SELECT k.n::int, pg_catalog.pg_get_statisticsobjdef(k.one)
FROM unnest($1::oid[]) WITH ORDINALITY k(one, n)
