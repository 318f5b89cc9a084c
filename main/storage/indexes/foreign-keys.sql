-- Foreign keys with the columns that hold them; those of partitions are their parent's.
SELECT k.oid, k.conname::text AS name, k.conrelid AS "table", n.nspname::text AS schema, t.relname::text AS table_name,
       t.relkind::text AS kind, k.confrelid AS referenced, rn.nspname::text AS referenced_schema,
       r.relname::text AS referenced_name, k.confdeltype::text AS on_delete, k.conkey::text AS key,
       ARRAY(SELECT a.attname::text
             FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number
             ORDER BY c.place) AS columns
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0
