-- The tables of each publication. Columns and filters: 15 and later.
SELECT r.prpubid, r.prrelid, {{r.pg_publication_rel.prattrs::text}}, {{r.pg_publication_rel.prqual::text}} IS NOT NULL
FROM pg_catalog.pg_publication_rel r
