-- Lets one long reading run on, ends it where nobody listens any more (14 and later), and tells who does it.
SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.set_config('statement_timeout', '0', true) AS unlimited,
       (SELECT pg_catalog.set_config(name, '2000', true) FROM pg_catalog.pg_settings
        WHERE name = 'client_connection_check_interval') AS listens
