-- What every range type is made of. Multiranges: 14 and later.
SELECT r.rngtypid, pg_catalog.format_type(r.rngsubtype, NULL),
       (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.opcname)
        FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
        WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
       CASE WHEN r.rngcollation <> t.typcollation THEN r.rngcollation END,
       nullif(r.rngcanonical, 0)::regproc, nullif(r.rngsubdiff, 0)::regproc,
       pg_catalog.format_type({{r.pg_range.rngmultitypid::oid}}, NULL)
FROM pg_catalog.pg_range r
JOIN pg_catalog.pg_type t ON t.oid = r.rngsubtype
WHERE r.rngtypid >= 16384
