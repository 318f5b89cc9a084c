CREATE TABLE event_cursors (
  processor VARCHAR(100) PRIMARY KEY,
  last_event_id BIGINT NOT NULL DEFAULT 0,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO event_cursors (processor) VALUES ('notifications'), ('digital-twin'), ('webhooks');
