-- The server's clock, what this sample has cost it so far (ms), and what may change under a running console.
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
       (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000)::float8 AS server_ms,
       pg_is_in_recovery() AS standby,
       current_setting('max_connections')::int AS max_connections
