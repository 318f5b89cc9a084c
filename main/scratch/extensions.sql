-- Which of these extensions the server has, and this database has not yet.
SELECT name::text AS name
FROM pg_catalog.pg_available_extensions
WHERE name = ANY ($1::text[]) AND installed_version IS NULL
ORDER BY name
