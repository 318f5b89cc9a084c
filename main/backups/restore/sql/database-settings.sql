-- What ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET have set for a database.
SELECT (SELECT rolname::text FROM pg_catalog.pg_roles r WHERE r.oid = s.setrole) AS role, one.setting
FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) AS one (setting)
WHERE s.setdatabase = $1
ORDER BY s.setrole, one.setting
