SELECT a.id, a.created_at, e.event_type, u.name
FROM approvals AS a
JOIN change_events AS e ON e.id = a.change_id
JOIN users AS u ON u.id = a.user_id
WHERE a.status = 'pending'
ORDER BY a.created_at
LIMIT 20
