SELECT pg_catalog.txid_status($1::bigint) AS status
