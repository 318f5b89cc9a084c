-- Names this transaction's snapshot for others, and says when it was taken and how large the database was.
SELECT pg_export_snapshot() AS snapshot,
       (extract(epoch FROM transaction_timestamp()) * 1000)::float8 AS at
