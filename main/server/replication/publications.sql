-- Publications of this database, and how many tables each names.
SELECT p.pubname::text AS name, p.puballtables AS all_tables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
       (SELECT count(*)::int FROM pg_publication_rel AS one WHERE one.prpubid = p.oid) AS tables
  FROM pg_publication AS p
 ORDER BY p.pubname
