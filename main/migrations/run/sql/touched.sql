-- Relations by the names that statements have for them ($1): whose they are, and how many rows they have, as estimated
-- when they were last analysed; a partitioned table's are its partitions'. Takes no locks.
WITH RECURSIVE named AS (
  SELECT t.name, pg_catalog.to_regclass(t.name)::oid AS oid
  FROM pg_catalog.unnest($1::text[]) AS t (name)
),
tree AS (
  SELECT named.name, COALESCE(i.indrelid, named.oid) AS oid
  FROM named
  LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = named.oid
  WHERE named.oid IS NOT NULL
  UNION
  SELECT tree.name, h.inhrelid
  FROM tree
  JOIN pg_catalog.pg_inherits AS h ON h.inhparent = tree.oid
)
SELECT
  named.name,
  pg_catalog.pg_get_userbyid(c.relowner) AS owner,
  pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  pg_catalog.pg_has_role(n.nspowner, 'USAGE') AS "schemaOwned",
  (
    SELECT sum(GREATEST(t.reltuples, 0))::float8
    FROM tree
    JOIN pg_catalog.pg_class AS t ON t.oid = tree.oid
    WHERE tree.name = named.name AND t.relkind IN ('r', 'm', 'p')
  ) AS rows
FROM named
JOIN pg_catalog.pg_class AS c ON c.oid = named.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
