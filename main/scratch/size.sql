-- Bytes on the disk, those of transactions that go on too; null once it was dropped.
SELECT pg_catalog.pg_database_size(oid)::text AS bytes FROM pg_catalog.pg_database WHERE datname = $1
