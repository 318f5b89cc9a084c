CREATE TABLE notification_channels (
  id uuid PRIMARY KEY DEFAULT new_id(),
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('email', 'webhook', 'chat')),
  target text NOT NULL,
  events text[] NOT NULL DEFAULT '{change_blocked,exception_granted}',
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_notification_channels_team ON notification_channels (team_id) WHERE enabled;
