SELECT name
FROM pg_catalog.unnest($1::text[]) AS name
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name)
ORDER BY name
