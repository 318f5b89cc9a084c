-- The cluster's identifier, which copies of its files share. Superusers may take it from others.
SELECT system_identifier::text AS system FROM pg_catalog.pg_control_system()
