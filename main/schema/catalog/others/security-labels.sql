-- Security labels: how many, by provider.
SELECT 'security labels', 0, NULL, l.provider, '', NULL, NULL, NULL, format('-- on %s objects', count(*)), NULL
FROM pg_catalog.pg_seclabel l
GROUP BY l.provider
