-- Extended statistics. Their target: 13 and later; null where it is the default from 17 on, -1 before.
SELECT 'statistics', s.oid, s.stxnamespace, s.stxname, format('%I.%I', n.nspname, s.stxname), s.stxrelid, s.stxowner, NULL,
       NULL, CASE WHEN {{s.pg_statistic_ext.stxstattarget::int}} >= 0
         THEN ARRAY[format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, {{s.pg_statistic_ext.stxstattarget::int}})] END
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
WHERE s.oid >= 16384
