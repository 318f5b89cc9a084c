-- Where unqualified names go in this session.
SELECT pg_catalog.current_database() AS database, pg_catalog.current_schema() AS schema
