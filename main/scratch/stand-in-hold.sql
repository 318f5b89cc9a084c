-- Held by each copy that uses a stand-in: as long as there is one, it is not dropped.
SELECT pg_catalog.pg_advisory_lock_shared(pg_catalog.hashtextextended('howdah stand-in ' || $1::text, 0))
