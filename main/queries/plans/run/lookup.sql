-- The text of one statement of pg_stat_statements, by the extension's function in whatever schema it lies.
SELECT s.query AS text, d.datname AS database, r.rolname AS "user", d.datname = pg_catalog.current_database() AS here
FROM {{statements}} AS s
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
WHERE s.userid = $1::oid AND s.dbid = $2::oid AND s.queryid = $3::bigint {{toplevel}}
LIMIT 1
