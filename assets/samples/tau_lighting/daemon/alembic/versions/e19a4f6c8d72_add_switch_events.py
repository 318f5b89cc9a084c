"""Keep what switches did

Revision ID: e19a4f6c8d72
Revises: b7740c5ea3d1
Create Date: 2025-03-30 16:25:51.038219
"""
from typing import Sequence, Union

from alembic import op

revision: str = "e19a4f6c8d72"
down_revision: Union[str, None] = "b7740c5ea3d1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE switch_events (
            id bigserial PRIMARY KEY,
            switch_id integer NOT NULL REFERENCES switches (id) ON DELETE CASCADE,
            action varchar(20) NOT NULL CHECK (action IN ('press', 'release', 'hold', 'turn')),
            value real,
            happened_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    op.execute(
        """
        CREATE INDEX idx_switch_events_happened ON switch_events (happened_at DESC)
        """
    )
    op.execute(
        """
        CREATE INDEX idx_switch_events_switch ON switch_events (switch_id, happened_at DESC)
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE switch_events
        """
    )
