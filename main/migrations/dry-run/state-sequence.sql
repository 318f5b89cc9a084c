SELECT pg_catalog.setval($1::pg_catalog.regclass, max(@column)) FROM @table HAVING max(@column) IS NOT NULL
