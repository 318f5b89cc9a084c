-- Size of this database; walks its files, which takes a while for very many.
SELECT pg_database_size(current_database())::text AS bytes
