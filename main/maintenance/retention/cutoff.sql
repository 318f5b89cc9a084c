-- The moment that lies so many hours ($1), days ($2), weeks ($3) or months ($4) back by the server's clock, as each type writes it.
SELECT
  (extract(epoch FROM c.at) * 1000)::float8 AS at,
  c.at::text AS "timestamp with time zone",
  c.at::timestamp::text AS "timestamp without time zone",
  c.at::date::text AS date
FROM (
  SELECT pg_catalog.now() - pg_catalog.make_interval(hours => $1, days => $2, weeks => $3, months => $4) AS at
) AS c
