-- One catalogue's share of the fingerprint.
SELECT '{{catalog}}', count(*), sum(age(xmin)) FROM pg_catalog.{{catalog}} WHERE {{rows}}
