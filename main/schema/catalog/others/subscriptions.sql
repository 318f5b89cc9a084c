-- Subscriptions by name; where they connect to may hold a password, and is never read. Oids are not for everybody before 14.
SELECT 'subscription', 0, NULL, s.subname, '', NULL, s.subowner, NULL,
       format('-- slot %s, publications %s, %s', s.subslotname, s.subpublications, CASE WHEN s.subenabled THEN 'enabled' ELSE 'disabled' END), NULL
FROM pg_catalog.pg_subscription s
WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
