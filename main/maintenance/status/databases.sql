-- How old the oldest transaction and multixact of every database are that are not frozen.
SELECT datname AS database, pg_catalog.age(datfrozenxid) AS "xidAge", pg_catalog.mxid_age(datminmxid) AS "multixactAge"
FROM pg_catalog.pg_database
