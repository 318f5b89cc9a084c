SELECT * FROM v_group_membership WHERE group_id = $1
