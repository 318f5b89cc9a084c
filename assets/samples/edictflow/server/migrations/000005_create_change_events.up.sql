CREATE TABLE change_events (
  id uuid PRIMARY KEY DEFAULT new_id(),
  rule_id uuid NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  user_id uuid REFERENCES users (id) ON DELETE SET NULL,
  event_type text NOT NULL,
  old_content text,
  new_content text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT change_events_type_known
    CHECK (event_type IN ('change_detected', 'change_blocked', 'change_reverted', 'exception_granted', 'sync'))
);

CREATE INDEX idx_change_events_rule ON change_events (rule_id);
CREATE INDEX idx_change_events_agent ON change_events (agent_id);
