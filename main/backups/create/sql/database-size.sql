-- The size of this database; it walks its files.
SELECT pg_database_size(oid)::text AS bytes FROM pg_database WHERE datname = current_database()
