CREATE VIEW v_team_activity AS
SELECT team.id AS team_id,
       team.name AS team,
       (SELECT count(*) FROM users WHERE users.team_id = team.id) AS users,
       (SELECT count(*) FROM agents WHERE agents.team_id = team.id) AS agents,
       (SELECT count(*) FROM agents WHERE agents.team_id = team.id AND last_seen > now() - interval '1 hour') AS online,
       (SELECT count(*) FROM rules WHERE rules.team_id = team.id) AS rules
FROM teams AS team;
