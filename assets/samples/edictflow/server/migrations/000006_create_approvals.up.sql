CREATE TABLE approvals (
  id uuid PRIMARY KEY DEFAULT new_id(),
  change_id uuid NOT NULL REFERENCES change_events (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  status text NOT NULL DEFAULT 'pending',
  comment text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT approvals_status_known CHECK (status IN ('pending', 'approved', 'rejected')),
  CONSTRAINT approvals_once UNIQUE (change_id, user_id)
);

CREATE INDEX idx_approvals_pending ON approvals (created_at) WHERE status = 'pending';
