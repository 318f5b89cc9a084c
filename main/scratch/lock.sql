-- Held by the session that made a scratch database: whoever gets it knows that its maker is gone.
SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1, 0)) AS held
