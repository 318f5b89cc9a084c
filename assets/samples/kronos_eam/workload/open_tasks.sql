SELECT t.id, t.title, t.status, t.priority, t.due_date, w.name AS workflow, p.name AS plant
FROM workflow_tasks AS t
JOIN workflows AS w ON w.id = t.workflow_id
JOIN plants AS p ON p.id = w.plant_id
WHERE t.status IN ('In Progress', 'Delayed')
ORDER BY t.due_date
LIMIT 50
