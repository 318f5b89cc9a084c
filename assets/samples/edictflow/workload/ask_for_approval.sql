INSERT INTO approvals (change_id, user_id) VALUES ($1, $2)
