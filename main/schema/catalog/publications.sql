-- Every publication. Through the root: 13 and later; generated columns: 18 and later.
SELECT p.oid, p.pubname, p.pubowner, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
       coalesce({{p.pg_publication.pubviaroot::bool}}, false), {{p.pg_publication.pubgencols::text}}
FROM pg_catalog.pg_publication p
