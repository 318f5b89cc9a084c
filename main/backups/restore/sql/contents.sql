-- What a database holds: counts, rows as the planner guesses them, and a digest of what there is.
SELECT pg_catalog.count(*) FILTER (WHERE c.relkind IN ('r', 'p'))::int AS tables,
       pg_catalog.count(*) FILTER (WHERE c.relkind IN ('v', 'm'))::int AS views,
       coalesce(pg_catalog.sum(c.reltuples) FILTER (WHERE c.relkind = 'r' AND c.reltuples > 0), 0)::float8 AS rows,
       (SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
        WHERE f.nspname NOT IN ('pg_catalog', 'information_schema'))::int AS functions,
       pg_catalog.md5(coalesce(pg_catalog.string_agg(pg_catalog.concat(c.oid, c.relkind, c.relname), ',' ORDER BY c.oid), '')) AS digest
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
