-- Whether a prepared transaction is still there.
SELECT EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts WHERE transaction::text = $1) AS there
