-- Texts of some statements, cut to $2 characters. The server reads its file of texts for that, so it is asked seldom.
SELECT s.userid::int8::text || '.' || s.dbid::int8::text || '.' || s.queryid::text AS "key",
  max(left(s.query, $2)) AS "text", max(octet_length(s.query)) AS "bytes"
FROM {{texts}} AS s
WHERE s.queryid = ANY ($1::int8[]) AND s.query IS NOT NULL
GROUP BY s.userid, s.dbid, s.queryid
