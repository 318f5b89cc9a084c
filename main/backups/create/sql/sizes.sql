-- Sizes of tables without their indexes, in one go; it waits for tables that are locked.
SELECT c.oid::int8::text AS oid, pg_table_size(c.oid)::text AS bytes
  FROM pg_class c
 WHERE c.oid = ANY ($1::oid[])
