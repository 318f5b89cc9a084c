-- One view of progress ({{view}}) as it is.
SELECT '{{view}}' AS view, p.pid, pg_catalog.to_jsonb(p) AS raw FROM pg_catalog.{{view}} AS p
