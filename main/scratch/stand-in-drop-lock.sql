-- Whether no copy uses a stand-in; none begins to until it is unlocked.
SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended('howdah stand-in ' || $1::text, 0)) AS held
