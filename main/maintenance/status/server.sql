-- Where and when it is asked, and settings by name ($1); of those that this version lacks there is none.
SELECT
  pg_catalog.current_database() AS database,
  pg_catalog.pg_is_in_recovery() AS standby,
  pg_catalog.current_setting('block_size')::int4 AS block,
  (SELECT pg_catalog.json_object_agg(name, setting) FROM pg_catalog.pg_settings WHERE name = ANY ($1)) AS settings
