-- uuid-ossp is a contrib module and not installed everywhere; since PostgreSQL 13 the core has a generator too.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'uuid-ossp') THEN
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT public.uuid_generate_v4()';
  ELSE
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()';
  END IF;
END
$$;

COMMENT ON FUNCTION new_id() IS 'Key of a new row.';

CREATE TABLE teams (
  id uuid PRIMARY KEY DEFAULT new_id(),
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE roles (
  id uuid PRIMARY KEY DEFAULT new_id(),
  name text NOT NULL UNIQUE,
  permissions jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT roles_permissions_is_list CHECK (jsonb_typeof(permissions) = 'array')
);

INSERT INTO roles (name, permissions) VALUES
  ('admin',    '["rules:write", "rules:read", "agents:manage", "approvals:decide", "users:manage"]'),
  ('reviewer', '["rules:read", "approvals:decide"]'),
  ('author',   '["rules:write", "rules:read"]'),
  ('viewer',   '["rules:read"]');
