-- Number and checksum of the rows of one table, in any order, and of none that inherits from it. The sum is exact.
SELECT
  count(*)::text AS rows,
  coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS checksum
FROM ONLY :table AS t
