SELECT pg_catalog.pg_advisory_unlock_shared(pg_catalog.hashtextextended('howdah stand-in ' || $1::text, 0))
