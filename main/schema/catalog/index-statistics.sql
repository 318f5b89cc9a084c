-- Statistics targets of columns of indexes: only those of expressions have one.
SELECT a.attrelid, a.attnum, a.attstattarget
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid
WHERE i.indexrelid >= 16384 AND i.indexprs IS NOT NULL AND a.attstattarget >= 0
