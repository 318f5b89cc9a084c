-- What decides whether a table is due, of all of them, column by column: rows of their own would take many times as long.
-- `wanted`: not one of the catalogues (unless $2), and with a text ($1) in its name. {{ins:…}} is a function of 13 and later. Takes no locks.
WITH heap AS MATERIALIZED (
  SELECT
    c.oid::int8 AS oid,
    c.relkind AS kind,
    ($2 OR NOT (n.nspname IN ('pg_catalog', 'information_schema') OR n.nspname LIKE 'pg\_toast%'))
      AND strpos(lower(n.nspname || '.' || c.relname), $1) > 0 AS wanted,
    n.nspname = 'pg_catalog' AND c.relname = 'pg_statistic' AS unanalyzed,
    c.reltuples AS tuples,
    c.relpages AS pages,
    {{c.pg_class.relallfrozen::int4}} AS frozen,
    CASE WHEN c.relfrozenxid <> '0' THEN pg_catalog.age(c.relfrozenxid) END AS "xidAge",
    CASE WHEN c.relminmxid <> '0' THEN pg_catalog.mxid_age(c.relminmxid) END AS "multixactAge",
    c.reloptions AS options,
    COALESCE(pg_catalog.pg_stat_get_dead_tuples(c.oid), 0) AS dead,
    {{ins:c.oid}} AS inserted,
    COALESCE(pg_catalog.pg_stat_get_mod_since_analyze(c.oid), 0) AS changed,
    t.oid::int8 AS toast,
    t.reltuples AS "toastTuples",
    t.relpages AS "toastPages",
    {{t.pg_class.relallfrozen::int4}} AS "toastFrozen",
    CASE WHEN t.relfrozenxid <> '0' THEN pg_catalog.age(t.relfrozenxid) END AS "toastXidAge",
    CASE WHEN t.relminmxid <> '0' THEN pg_catalog.mxid_age(t.relminmxid) END AS "toastMultixactAge",
    t.reloptions AS "toastOptions",
    pg_catalog.pg_stat_get_dead_tuples(t.oid) AS "toastDead",
    {{ins:t.oid}} AS "toastInserted"
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid
  WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't'
)
SELECT pg_catalog.json_build_object(
  'oid', pg_catalog.json_agg(oid), 'kind', pg_catalog.json_agg(kind),
  'wanted', pg_catalog.json_agg(wanted), 'unanalyzed', pg_catalog.json_agg(unanalyzed),
  'tuples', pg_catalog.json_agg(tuples), 'pages', pg_catalog.json_agg(pages), 'frozen', pg_catalog.json_agg(frozen),
  'xidAge', pg_catalog.json_agg("xidAge"), 'multixactAge', pg_catalog.json_agg("multixactAge"),
  'options', pg_catalog.json_agg(options), 'dead', pg_catalog.json_agg(dead),
  'inserted', pg_catalog.json_agg(inserted), 'changed', pg_catalog.json_agg(changed),
  'toast', pg_catalog.json_agg(toast), 'toastTuples', pg_catalog.json_agg("toastTuples"),
  'toastPages', pg_catalog.json_agg("toastPages"), 'toastFrozen', pg_catalog.json_agg("toastFrozen"),
  'toastXidAge', pg_catalog.json_agg("toastXidAge"),
  'toastMultixactAge', pg_catalog.json_agg("toastMultixactAge"),
  'toastOptions', pg_catalog.json_agg("toastOptions"), 'toastDead', pg_catalog.json_agg("toastDead"),
  'toastInserted', pg_catalog.json_agg("toastInserted")
)::text AS columns
FROM heap
