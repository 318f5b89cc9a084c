-- Dead rows of the database, and the heaps of which autovacuum counts most, at most $1; {{ins:…}} is a function of 13 and later.
WITH counted AS MATERIALIZED (
  SELECT
    c.oid,
    COALESCE(pg_catalog.pg_stat_get_dead_tuples(c.oid), 0) AS dead,
    COALESCE({{ins:c.oid}}, 0) AS inserted,
    COALESCE(pg_catalog.pg_stat_get_mod_since_analyze(c.oid), 0) AS changed
  FROM pg_catalog.pg_class AS c
  WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence <> 't'
),
active AS (
  SELECT * FROM counted WHERE dead + inserted + changed > 0 ORDER BY dead + inserted + changed DESC LIMIT $1
)
SELECT
  pg_catalog.current_database() AS database,
  (SELECT sum(dead) FROM counted)::float8 AS dead,
  (SELECT max(pg_catalog.age(datfrozenxid)) FROM pg_catalog.pg_database) AS "xidAge",
  (SELECT max(pg_catalog.mxid_age(datminmxid)) FROM pg_catalog.pg_database) AS "multixactAge",
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(oid::int8, dead, inserted, changed)) FROM active) AS heaps
