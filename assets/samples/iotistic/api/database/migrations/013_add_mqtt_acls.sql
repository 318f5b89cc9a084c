CREATE TABLE mqtt_acls (
  id SERIAL PRIMARY KEY,
  username VARCHAR(255) NOT NULL REFERENCES mqtt_users (username) ON DELETE CASCADE ON UPDATE CASCADE,
  clientid VARCHAR(255),
  topic VARCHAR(255) NOT NULL,
  -- 1 read, 2 write, 4 subscribe; added up.
  access INTEGER NOT NULL DEFAULT 1 CHECK (access BETWEEN 1 AND 7),
  priority INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_mqtt_acls_username ON mqtt_acls (username);
CREATE INDEX idx_mqtt_acls_topic ON mqtt_acls (topic);
