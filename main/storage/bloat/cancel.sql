-- Cancels what a session of our own is doing.
SELECT pg_catalog.pg_cancel_backend($1) AS cancelled
