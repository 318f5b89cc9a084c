"""Initial schema

Revision ID: 001_initial_schema
Revises: 
Create Date: 2025-06-20 09:00:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '001_initial_schema'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TYPE plantstatus AS ENUM ('IN_OPERATION', 'IN_AUTHORIZATION', 'UNDER_CONSTRUCTION', 'DECOMMISSIONED')
    """)
    op.execute("""
        CREATE TABLE tenants (id varchar(50) PRIMARY KEY, name varchar(200) NOT NULL)
    """)
    op.execute("""
        CREATE TABLE users (
            id serial PRIMARY KEY,
            email varchar(255) NOT NULL UNIQUE,
            password_hash varchar(255) NOT NULL,
            role varchar(50) NOT NULL CHECK (role IN ('Admin', 'Asset Manager', 'Operator', 'Viewer')),
            tenant_id varchar(50) REFERENCES tenants (id)
        )
    """)
    op.execute("""
        CREATE TABLE plants (
            id serial PRIMARY KEY,
            name varchar(200) NOT NULL,
            status plantstatus NOT NULL,
            tenant_id varchar(50) REFERENCES tenants (id)
        )
    """)


def downgrade():
    op.execute("""
        DROP TABLE plants, users, tenants
    """)
    op.execute("""
        DROP TYPE plantstatus
    """)
