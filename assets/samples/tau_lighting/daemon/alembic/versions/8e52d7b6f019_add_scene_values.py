"""Add scene values

Revision ID: 8e52d7b6f019
Revises: 3c1f0a9d2b47
Create Date: 2024-11-24 18:40:02.771904
"""
from typing import Sequence, Union

from alembic import op

revision: str = "8e52d7b6f019"
down_revision: Union[str, None] = "3c1f0a9d2b47"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE scene_values (
            scene_id integer NOT NULL REFERENCES scenes (id) ON DELETE CASCADE,
            fixture_id integer NOT NULL REFERENCES fixtures (id) ON DELETE CASCADE,
            target_brightness integer CHECK (target_brightness BETWEEN 0 AND 1000),
            target_cct_kelvin integer CHECK (target_cct_kelvin BETWEEN 1000 AND 10000),
            PRIMARY KEY (scene_id, fixture_id)
        )
        """
    )
    op.execute(
        """
        CREATE INDEX idx_scene_values_fixture ON scene_values (fixture_id)
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE scene_values
        """
    )
