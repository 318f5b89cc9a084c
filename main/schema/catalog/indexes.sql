-- Every index of tables, without its expressions.
SELECT i.indexrelid, c.relname, i.indrelid, i.indisunique, i.indisprimary, i.indisvalid, i.indisready, c.relam,
       i.indkey, i.indnkeyatts, coalesce({{i.pg_index.indnullsnotdistinct::bool}}, false), i.indpred IS NOT NULL,
       i.indisclustered, i.indisreplident, nullif(c.reltablespace, 0), c.reloptions
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indexrelid >= 16384 AND c.relnamespace <> 'pg_toast'::regnamespace
