"""Add the role Plant Owner

Revision ID: add_plant_owner_role
Revises: 001_initial_schema
Create Date: 2025-07-08 11:30:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = 'add_plant_owner_role'
down_revision = '001_initial_schema'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TABLE users DROP CONSTRAINT users_role_check
    """)
    op.execute("""
        ALTER TABLE users ADD CONSTRAINT users_role_check
            CHECK (role IN ('Admin', 'Asset Manager', 'Plant Owner', 'Operator', 'Viewer'))
    """)


def downgrade():
    op.execute("""
        ALTER TABLE users DROP CONSTRAINT users_role_check
    """)
    op.execute("""
        ALTER TABLE users ADD CONSTRAINT users_role_check
            CHECK (role IN ('Admin', 'Asset Manager', 'Operator', 'Viewer'))
    """)
