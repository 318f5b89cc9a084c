-- What bears a scratch database's name.
SELECT name
FROM (
  SELECT datname::text AS name FROM pg_catalog.pg_database WHERE datname ~ '^howdah_scratch_[0-9a-f]{12}$'
  UNION
  SELECT pg_catalog.substring(rolname, '^howdah_scratch_[0-9a-f]{12}')
  FROM pg_catalog.pg_roles
  WHERE rolname ~ '^howdah_scratch_[0-9a-f]{12}(_run$|[.]|$)'
) AS scratch
ORDER BY name
