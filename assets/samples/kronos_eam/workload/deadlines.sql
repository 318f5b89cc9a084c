SELECT id, name, next_deadline, next_deadline_type
FROM plants
WHERE NOT is_deleted AND next_deadline < now() + interval '90 days'
ORDER BY next_deadline
LIMIT 50
