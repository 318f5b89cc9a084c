SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended('howdah stand-in ' || $1::text, 0))
