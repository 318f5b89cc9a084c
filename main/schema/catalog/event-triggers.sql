-- Every event trigger.
SELECT e.oid, e.evtname, e.evtevent, e.evttags, e.evtfoid, e.evtenabled, e.evtowner
FROM pg_catalog.pg_event_trigger e
