-- Every column of whatever has columns; those of indexes and TOAST tables are left out.
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, nullif(a.atttypmod, -1), a.attnotnull, a.atthasdef,
       nullif(a.attidentity, ''), nullif(a.attgenerated, ''), nullif(a.attcollation, 0), a.attstorage,
       nullif({{a.pg_attribute.attcompression::text}}, ''), nullif(a.attstattarget, -1), a.attislocal,
       nullif(a.attinhcount, 0), a.attoptions, a.attfdwoptions, a.attacl
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
