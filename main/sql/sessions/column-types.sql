-- How the server writes the types of a result's columns.
SELECT oid::text || ':' || typmod::text AS key, pg_catalog.format_type(oid, NULLIF(typmod, -1)) AS type
FROM unnest($1::oid[], $2::int[]) AS asked (oid, typmod)
