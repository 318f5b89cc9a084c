"""Write enum values as people read them

Revision ID: fix_enum_formats
Revises: add_plant_owner_role
Create Date: 2025-07-21 16:45:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = 'fix_enum_formats'
down_revision = 'add_plant_owner_role'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'IN_OPERATION' TO 'In Operation'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'IN_AUTHORIZATION' TO 'In Authorization'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'UNDER_CONSTRUCTION' TO 'Under Construction'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'DECOMMISSIONED' TO 'Decommissioned'
    """)


def downgrade():
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'In Operation' TO 'IN_OPERATION'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'In Authorization' TO 'IN_AUTHORIZATION'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'Under Construction' TO 'UNDER_CONSTRUCTION'
    """)
    op.execute("""
        ALTER TYPE plantstatus RENAME VALUE 'Decommissioned' TO 'DECOMMISSIONED'
    """)
