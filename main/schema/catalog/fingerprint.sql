-- Whether anything has changed: of each catalogue, how many rows, and the sum of the ages of the transactions that wrote
-- them; ages grow together, as that of transaction 3 does. A row that is written anew is younger. Of rows that are only
-- counted anew (reltuples), the counts are summed up.
SELECT 'epoch' AS catalog, txid_snapshot_xmax(txid_current_snapshot()) >> 32 AS rows, age('3'::xid)::numeric AS age
UNION ALL
SELECT 'user', 0, hashtext(current_user)
UNION ALL
SELECT 'counted', count(*), sum(reltuples::float8 + relpages)::numeric FROM pg_catalog.pg_class
WHERE relkind IN ('r', 'p', 'm', 'f') AND oid >= 16384
UNION ALL
SELECT 'roles', count(*), sum(pg_catalog.hashtext(rolname)) FROM pg_catalog.pg_roles
UNION ALL
SELECT 'schemas', count(*), sum(xmin::text::int8) FROM pg_catalog.pg_namespace
UNION ALL
SELECT 'pg_class', count(*), sum(age(xmin)) FROM pg_catalog.pg_class WHERE relkind <> 't' AND oid >= 16384
UNION ALL
SELECT 'pg_attribute', count(*), sum(age(xmin)) FROM pg_catalog.pg_attribute WHERE attnum > 0 AND attrelid >= 16384
UNION ALL
SELECT 'pg_attrdef', count(*), sum(age(xmin)) FROM pg_catalog.pg_attrdef WHERE oid >= 16384
UNION ALL
SELECT 'pg_constraint', count(*), sum(age(xmin)) FROM pg_catalog.pg_constraint WHERE oid >= 16384
UNION ALL
SELECT 'pg_index', count(*), sum(age(xmin)) FROM pg_catalog.pg_index WHERE indexrelid >= 16384
UNION ALL
SELECT 'pg_inherits', count(*), sum(age(xmin)) FROM pg_catalog.pg_inherits WHERE true
UNION ALL
SELECT 'pg_proc', count(*), sum(age(xmin)) FROM pg_catalog.pg_proc WHERE oid >= 16384
UNION ALL
SELECT 'pg_type', count(*), sum(age(xmin)) FROM pg_catalog.pg_type WHERE typtype <> 'c' AND typinput <> 'array_in'::regproc AND oid >= 16384
UNION ALL
SELECT 'pg_enum', count(*), sum(age(xmin)) FROM pg_catalog.pg_enum WHERE oid >= 16384
UNION ALL
SELECT 'pg_range', count(*), sum(age(xmin)) FROM pg_catalog.pg_range WHERE rngtypid >= 16384
UNION ALL
SELECT 'pg_rewrite', count(*), sum(age(xmin)) FROM pg_catalog.pg_rewrite WHERE oid >= 16384
UNION ALL
SELECT 'pg_trigger', count(*), sum(age(xmin)) FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND oid >= 16384
UNION ALL
SELECT 'pg_policy', count(*), sum(age(xmin)) FROM pg_catalog.pg_policy WHERE oid >= 16384
UNION ALL
SELECT 'pg_sequence', count(*), sum(age(xmin)) FROM pg_catalog.pg_sequence WHERE true
UNION ALL
SELECT 'pg_description', count(*), sum(age(xmin)) FROM pg_catalog.pg_description WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass AND age(xmin) < 2147483647
UNION ALL
SELECT 'pg_extension', count(*), sum(age(xmin)) FROM pg_catalog.pg_extension WHERE oid >= 16384
UNION ALL
SELECT 'pg_event_trigger', count(*), sum(age(xmin)) FROM pg_catalog.pg_event_trigger WHERE oid >= 16384
UNION ALL
SELECT 'pg_publication', count(*), sum(age(xmin)) FROM pg_catalog.pg_publication WHERE oid >= 16384
UNION ALL
SELECT 'pg_publication_rel', count(*), sum(age(xmin)) FROM pg_catalog.pg_publication_rel WHERE oid >= 16384
UNION ALL
SELECT 'pg_foreign_server', count(*), sum(age(xmin)) FROM pg_catalog.pg_foreign_server WHERE oid >= 16384
UNION ALL
SELECT 'pg_foreign_data_wrapper', count(*), sum(age(xmin)) FROM pg_catalog.pg_foreign_data_wrapper WHERE oid >= 16384
UNION ALL
SELECT 'pg_collation', count(*), sum(age(xmin)) FROM pg_catalog.pg_collation WHERE oid >= 16384
UNION ALL
SELECT 'pg_foreign_table', count(*), sum(age(xmin)) FROM pg_catalog.pg_foreign_table WHERE true
UNION ALL
SELECT 'pg_depend', count(*), sum(age(xmin)) FROM pg_catalog.pg_depend WHERE (deptype = 'e' OR deptype IN ('a', 'i') AND objid IN (SELECT seqrelid FROM pg_catalog.pg_sequence)) AND objid >= 16384
