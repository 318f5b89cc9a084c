UPDATE workflow_tasks
SET status = CASE WHEN status = 'In Progress' THEN 'Delayed' ELSE 'In Progress' END::task_status
WHERE id = $1 AND status IN ('In Progress', 'Delayed')
