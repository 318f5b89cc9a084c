INSERT INTO change_events (rule_id, agent_id, user_id, team_id, event_type, old_content, new_content)
SELECT rule.id, agent.id, agent.user_id, agent.team_id, 'change_blocked', 'indent_size = 4', 'indent_size = 2'
FROM agents AS agent
JOIN rules AS rule ON rule.team_id = agent.team_id
WHERE agent.id = md5('agent ' || $1)::uuid
ORDER BY rule.name
LIMIT 1
RETURNING id, user_id
