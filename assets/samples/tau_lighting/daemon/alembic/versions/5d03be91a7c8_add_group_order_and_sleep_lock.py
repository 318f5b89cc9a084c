"""Add order and sleep lock of groups

Revision ID: 5d03be91a7c8
Revises: e19a4f6c8d72
Create Date: 2025-08-17 20:55:33.660187
"""
from typing import Sequence, Union

from alembic import op

revision: str = "5d03be91a7c8"
down_revision: Union[str, None] = "e19a4f6c8d72"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE groups ADD COLUMN display_order integer NOT NULL DEFAULT 0
        """
    )
    op.execute(
        """
        ALTER TABLE groups ADD COLUMN sleep_lock_start time, ADD COLUMN sleep_lock_end time
        """
    )
    op.execute(
        """
        ALTER TABLE groups ADD CONSTRAINT groups_sleep_lock_whole
            CHECK ((sleep_lock_start IS NULL) = (sleep_lock_end IS NULL))
        """
    )


def downgrade() -> None:
    op.execute(
        """
        ALTER TABLE groups DROP CONSTRAINT groups_sleep_lock_whole
        """
    )
    op.execute(
        """
        ALTER TABLE groups DROP COLUMN sleep_lock_start, DROP COLUMN sleep_lock_end, DROP COLUMN display_order
        """
    )
