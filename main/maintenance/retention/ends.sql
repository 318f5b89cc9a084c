-- Moments ($1) of a type ($2) in ms since 1970, in their order; null for what is no moment.
SELECT (
  extract(epoch FROM CASE $2
    WHEN 'date' THEN w.at::date::timestamptz
    WHEN 'timestamp without time zone' THEN w.at::timestamp::timestamptz
    ELSE w.at::timestamptz
  END) * 1000
)::float8 AS at
FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS w (at, place)
ORDER BY w.place
