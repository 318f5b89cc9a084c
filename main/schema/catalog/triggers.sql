-- Every trigger that somebody made, and those that partitions have from their parent (13 and later; marked internal
-- before 15).
SELECT t.oid, t.tgrelid, t.tgname, t.tgfoid, t.tgenabled, nullif({{t.pg_trigger.tgparentid::oid}}, 0)
FROM pg_catalog.pg_trigger t
WHERE NOT t.tgisinternal OR ({{t.pg_trigger.tgparentid::oid}} <> 0 AND t.tgfoid >= 16384)
