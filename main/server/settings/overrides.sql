-- Settings that hold only in a database, or for a role.
SELECT database.datname::text AS database, role.rolname::text AS role, entry.setting
  FROM pg_db_role_setting AS override
  CROSS JOIN LATERAL unnest(override.setconfig) AS entry (setting)
  LEFT JOIN pg_database AS database ON database.oid = override.setdatabase
  LEFT JOIN pg_roles AS role ON role.oid = override.setrole
 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3
