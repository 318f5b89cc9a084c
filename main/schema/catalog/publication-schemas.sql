-- The schemas of each publication. 15 and later.
SELECT n.pnpubid, n.pnnspid
FROM pg_catalog.pg_publication_namespace n
