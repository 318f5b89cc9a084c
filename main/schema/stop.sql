-- Stops what a backend of this role does; its session stays.
SELECT pg_catalog.pg_cancel_backend($1)
