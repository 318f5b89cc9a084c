-- Asks a session of ours to give its statement up.
SELECT pg_catalog.pg_cancel_backend($1)
