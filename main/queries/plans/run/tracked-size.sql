-- At how many bytes the server cuts the texts of running statements off.
SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting('track_activity_query_size'))::int4 AS bytes
