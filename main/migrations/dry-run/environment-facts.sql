-- What a copy is to be like.
SELECT
  pg_catalog.current_database()::text AS database,
  current_user::text AS user,
  pg_catalog.current_setting('search_path') AS path,
  pg_catalog.current_setting('server_version') AS version,
  pg_catalog.current_setting('server_version_num')::int / 10000 AS major,
  pg_catalog.current_setting('is_superuser') = 'on' AS superuser,
  pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding,
  d.datcollate::text AS collation,
  d.datctype::text AS characters,
  CASE WHEN pg_catalog.to_jsonb(d) ->> 'datlocprovider' = 'i'
    THEN coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') END AS icu
FROM pg_catalog.pg_database AS d
WHERE d.datname = pg_catalog.current_database()
