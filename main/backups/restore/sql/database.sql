-- One database, with what belongs to it and is no part of a dump of it. Some columns are not there in every version.
SELECT d.oid,
       pg_catalog.pg_get_userbyid(d.datdba)::text AS owner,
       pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding,
       d.datcollate::text AS collate,
       d.datctype::text AS ctype,
       pg_catalog.to_jsonb(d) ->> 'datlocprovider' AS provider,
       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') AS locale,
       d.datconnlimit AS connection_limit,
       d.datistemplate AS is_template,
       d.datallowconn AS allows_connections,
       (SELECT spcname::text FROM pg_catalog.pg_tablespace t WHERE t.oid = d.dattablespace) AS tablespace,
       pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
       d.datacl IS NULL AS has_standard_acl,
       pg_catalog.pg_has_role(d.datdba, 'USAGE') AS is_ours,
       CASE
         WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT')
              OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
           THEN pg_catalog.pg_database_size(d.oid)::text
       END AS bytes
FROM pg_catalog.pg_database d
WHERE d.datname = $1
