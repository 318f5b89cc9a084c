DROP TABLE roles;
DROP TABLE teams;
DROP FUNCTION new_id();
