SELECT datname::text AS name FROM pg_catalog.pg_database WHERE oid = $1
