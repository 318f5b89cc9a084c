SELECT t.name,
       (SELECT e.created_at FROM change_events AS e WHERE e.team_id = t.id ORDER BY e.created_at DESC LIMIT 1) AS latest
FROM teams AS t
ORDER BY latest DESC NULLS LAST
