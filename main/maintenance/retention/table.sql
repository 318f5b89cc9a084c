-- A table by schema ($1) and name ($2): how it is partitioned, whose it is, what this role may do, who refers to it.
-- Takes no locks.
SELECT
  c.oid,
  c.relkind::text AS kind,
  c.relispartition AS "isPartition",
  pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
  pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  pg_catalog.has_table_privilege(c.oid, 'SELECT') AS "maySelect",
  pg_catalog.has_table_privilege(c.oid, 'DELETE') AS "mayDelete",
  c.relrowsecurity AND pg_catalog.row_security_active(c.oid) AS secured,
  p.partstrat::text AS strategy,
  p.partnatts::int4 AS keys,
  k.attname::text AS "keyName",
  pg_catalog.format_type(k.atttypid, NULL) AS "keyType",
  NULLIF(p.partdefid, 0) AS "defaultOid",
  pg_catalog.pg_is_in_recovery() AS standby,
  ARRAY(
    SELECT pg_catalog.format('%s.%s (%s)', n.nspname, r.relname, f.conname)
    FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_class AS r ON r.oid = f.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
    WHERE f.contype = 'f' AND f.confrelid = c.oid AND NOT r.relispartition
    ORDER BY 1
  ) AS "referencedBy",
  EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS f WHERE f.contype = 'f' AND f.confrelid = c.oid AND f.confdeltype = 'c'
  ) AS cascades,
  ARRAY(
    SELECT DISTINCT r.relname::text FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_class AS r ON r.oid = f.confrelid
    WHERE f.contype = 'f' AND f.conrelid = c.oid ORDER BY 1
  ) AS "refersTo",
  ARRAY(
    SELECT t.tgname::text FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND (t.tgtype::int4 & 8) <> 0 AND t.tgenabled <> 'D' ORDER BY 1
  ) AS "deleteTriggers"
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = c.oid
LEFT JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attnum = p.partattrs[0] AND k.attnum > 0
WHERE s.nspname = $1 AND c.relname = $2
