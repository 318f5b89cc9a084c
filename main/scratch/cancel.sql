-- Stops what one backend does, if it works on the scratch database.
SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND datname = $2
