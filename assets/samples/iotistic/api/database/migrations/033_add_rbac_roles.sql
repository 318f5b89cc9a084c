CREATE TABLE roles (
  name VARCHAR(50) PRIMARY KEY,
  description TEXT
);

CREATE TABLE role_permissions (
  role VARCHAR(50) NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
  permission VARCHAR(100) NOT NULL,
  PRIMARY KEY (role, permission)
);

INSERT INTO roles (name, description) VALUES
  ('admin', 'Everything'), ('manager', 'Devices and rollouts'), ('operator', 'Restart and look'), ('viewer', 'Look');

INSERT INTO role_permissions (role, permission) VALUES
  ('admin', '*'), ('manager', 'device:write'), ('manager', 'rollout:write'), ('operator', 'device:restart'), ('viewer', 'device:read');
