"""Add a secondary DMX channel for tunable white

Revision ID: b7740c5ea3d1
Revises: 8e52d7b6f019
Create Date: 2025-01-12 09:03:17.405518
"""
from typing import Sequence, Union

from alembic import op

revision: str = "b7740c5ea3d1"
down_revision: Union[str, None] = "8e52d7b6f019"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE fixtures ADD COLUMN secondary_dmx_channel integer
            CHECK (secondary_dmx_channel BETWEEN 1 AND 512)
        """
    )
    op.execute(
        """
        CREATE UNIQUE INDEX idx_fixtures_dmx_secondary ON fixtures (dmx_universe, secondary_dmx_channel)
            WHERE secondary_dmx_channel IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DROP INDEX idx_fixtures_dmx_secondary
        """
    )
    op.execute(
        """
        ALTER TABLE fixtures DROP COLUMN secondary_dmx_channel
        """
    )
