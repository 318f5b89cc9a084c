"""Baseline: what init.sql makes

Revision ID: 3c1f0a9d2b47
Revises: 
Create Date: 2024-11-03 10:12:45.120331
"""
from typing import Sequence, Union

from alembic import op

revision: str = "3c1f0a9d2b47"
down_revision: Union[str, None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
