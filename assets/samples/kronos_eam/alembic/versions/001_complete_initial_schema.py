"""Complete initial schema, with English enum values

Revision ID: 001_complete_initial_schema
Revises: 
Create Date: 2025-08-02 14:10:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '001_complete_initial_schema'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TYPE tenant_status AS ENUM ('Active', 'Suspended', 'Trial', 'Cancelled')
    """)
    op.execute("""
        CREATE TYPE plant_status AS ENUM ('In Operation', 'In Authorization', 'Under Construction', 'Decommissioned')
    """)
    op.execute("""
        CREATE TYPE plant_type AS ENUM ('Photovoltaic', 'Wind', 'Hydroelectric', 'Biomass', 'Geothermal')
    """)
    op.execute("""
        CREATE TYPE workflow_category AS ENUM
            ('Activation', 'Fiscal', 'Incentives', 'Changes', 'Maintenance', 'Compliance')
    """)
    op.execute("""
        CREATE TYPE task_status AS ENUM ('To Start', 'In Progress', 'Completed', 'Delayed', 'Blocked')
    """)
    op.execute("""
        CREATE TYPE task_priority AS ENUM ('High', 'Medium', 'Low')
    """)
    op.execute("""
        CREATE TYPE responsible_entity AS ENUM
            ('DSO', 'Terna', 'GSE', 'Customs', 'Municipality', 'Region', 'Superintendence')
    """)
    op.execute("""
        CREATE TABLE tenants (
            id varchar(50) PRIMARY KEY,
            name varchar(200) NOT NULL,
            status tenant_status NOT NULL DEFAULT 'Trial',
            configuration jsonb NOT NULL DEFAULT '{}',
            plan_expiry date,
            max_users integer NOT NULL DEFAULT 10,
            max_plants integer NOT NULL DEFAULT 50,
            created_at timestamp NOT NULL DEFAULT now(),
            updated_at timestamp NOT NULL DEFAULT now(),
            CONSTRAINT tenants_limits_positive CHECK (max_users > 0 AND max_plants > 0)
        )
    """)
    op.execute("""
        CREATE TABLE users (
            id serial PRIMARY KEY,
            email varchar(255) NOT NULL CONSTRAINT users_email_key UNIQUE,
            password_hash varchar(255) NOT NULL,
            name varchar(100) NOT NULL,
            surname varchar(100) NOT NULL,
            role varchar(50) NOT NULL DEFAULT 'Viewer',
            status varchar(20) NOT NULL DEFAULT 'Active',
            tenant_id varchar(50) NOT NULL,
            last_login timestamp,
            is_deleted boolean NOT NULL DEFAULT false,
            created_at timestamp NOT NULL DEFAULT now(),
            CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id),
            CONSTRAINT users_role_known
                CHECK (role IN ('Admin', 'Asset Manager', 'Plant Owner', 'Operator', 'Viewer'))
        )
    """)
    op.execute("""
        CREATE TABLE plants (
            id serial PRIMARY KEY,
            name varchar(200) NOT NULL,
            code varchar(50) NOT NULL,
            power varchar(50),
            power_kw double precision NOT NULL,
            status plant_status NOT NULL DEFAULT 'In Authorization',
            type plant_type NOT NULL,
            location varchar(200),
            address varchar(500),
            municipality varchar(100),
            province varchar(10),
            region varchar(50),
            latitude double precision,
            longitude double precision,
            next_deadline timestamp,
            next_deadline_type varchar(100),
            tenant_id varchar(50) NOT NULL,
            created_by integer,
            is_deleted boolean NOT NULL DEFAULT false,
            created_at timestamp NOT NULL DEFAULT now(),
            updated_at timestamp NOT NULL DEFAULT now(),
            updated_by integer,
            CONSTRAINT plants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id),
            CONSTRAINT plants_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id),
            CONSTRAINT plants_code_in_tenant UNIQUE (tenant_id, code),
            CONSTRAINT plants_power_positive CHECK (power_kw > 0),
            CONSTRAINT plants_coordinates
                CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
        )
    """)
    op.execute("""
        CREATE TABLE plant_registry (
            id serial PRIMARY KEY,
            plant_id integer NOT NULL CONSTRAINT plant_registry_plant_id_key UNIQUE,
            pod varchar(20),
            gaudi varchar(30),
            censimp varchar(30),
            connection_voltage_kv numeric(6, 2),
            commissioned_on date,
            technical_data jsonb NOT NULL DEFAULT '{}',
            tenant_id varchar(50) NOT NULL,
            CONSTRAINT plant_registry_plant_id_fkey
                FOREIGN KEY (plant_id) REFERENCES plants (id) ON DELETE CASCADE,
            CONSTRAINT plant_registry_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id)
        )
    """)
    op.execute("""
        CREATE TABLE workflows (
            id serial PRIMARY KEY,
            name varchar(200) NOT NULL,
            plant_id integer NOT NULL,
            type varchar(100),
            category workflow_category NOT NULL,
            description text,
            current_status varchar(100) NOT NULL DEFAULT 'Draft',
            progress double precision NOT NULL DEFAULT 0,
            due_date timestamp,
            involved_entities jsonb NOT NULL DEFAULT '[]',
            document_requirements jsonb NOT NULL DEFAULT '[]',
            tenant_id varchar(50) NOT NULL,
            created_at timestamp NOT NULL DEFAULT now(),
            updated_at timestamp NOT NULL DEFAULT now(),
            CONSTRAINT workflows_plant_id_fkey FOREIGN KEY (plant_id) REFERENCES plants (id),
            CONSTRAINT workflows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id),
            CONSTRAINT workflows_progress_percent CHECK (progress BETWEEN 0 AND 100)
        )
    """)
    op.execute("""
        CREATE TABLE workflow_stages (
            id serial PRIMARY KEY,
            workflow_id integer NOT NULL,
            name varchar(100) NOT NULL,
            position integer NOT NULL,
            completed boolean NOT NULL DEFAULT false,
            started_at timestamp,
            completed_at timestamp,
            tenant_id varchar(50) NOT NULL,
            CONSTRAINT workflow_stages_workflow_id_fkey
                FOREIGN KEY (workflow_id) REFERENCES workflows (id) ON DELETE CASCADE,
            CONSTRAINT workflow_stages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id),
            CONSTRAINT workflow_stages_position UNIQUE (workflow_id, position)
        )
    """)
    op.execute("""
        CREATE TABLE workflow_tasks (
            id serial PRIMARY KEY,
            workflow_id integer NOT NULL,
            stage_id integer,
            title varchar(200) NOT NULL,
            description text,
            status task_status NOT NULL DEFAULT 'To Start',
            priority task_priority NOT NULL DEFAULT 'Medium',
            assignee varchar(255),
            due_date timestamp,
            responsible_entity responsible_entity,
            practice_type varchar(100),
            portal_url varchar(500),
            tenant_id varchar(50) NOT NULL,
            created_at timestamp NOT NULL DEFAULT now(),
            updated_at timestamp NOT NULL DEFAULT now(),
            CONSTRAINT workflow_tasks_workflow_id_fkey
                FOREIGN KEY (workflow_id) REFERENCES workflows (id) ON DELETE CASCADE,
            CONSTRAINT workflow_tasks_stage_id_fkey
                FOREIGN KEY (stage_id) REFERENCES workflow_stages (id) ON DELETE SET NULL,
            CONSTRAINT workflow_tasks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id)
        )
    """)
    op.execute("""
        CREATE TABLE documents (
            id serial PRIMARY KEY,
            name varchar(255) NOT NULL,
            type varchar(50) NOT NULL,
            size integer,
            url varchar(500),
            category varchar(50),
            status varchar(50) NOT NULL DEFAULT 'Valid',
            expiry_date date,
            version integer NOT NULL DEFAULT 1,
            tags jsonb NOT NULL DEFAULT '[]',
            plant_id integer,
            workflow_id integer,
            tenant_id varchar(50) NOT NULL,
            created_at timestamp NOT NULL DEFAULT now(),
            CONSTRAINT documents_plant_id_fkey FOREIGN KEY (plant_id) REFERENCES plants (id),
            CONSTRAINT documents_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES workflows (id),
            CONSTRAINT documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id)
        )
    """)
    op.execute("""
        CREATE TABLE task_documents (
            task_id integer NOT NULL REFERENCES workflow_tasks (id) ON DELETE CASCADE,
            document_id integer NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            PRIMARY KEY (task_id, document_id)
        )
    """)
    op.execute("""
        CREATE INDEX idx_plants_tenant ON plants (tenant_id)
    """)
    op.execute("""
        CREATE INDEX idx_plants_status ON plants (status)
    """)
    op.execute("""
        CREATE INDEX idx_plants_next_deadline ON plants (next_deadline)
    """)
    op.execute("""
        CREATE INDEX idx_workflows_tenant ON workflows (tenant_id)
    """)
    op.execute("""
        CREATE INDEX idx_workflows_plant ON workflows (plant_id)
    """)
    op.execute("""
        CREATE INDEX idx_tasks_status ON workflow_tasks (status)
    """)
    op.execute("""
        CREATE INDEX idx_tasks_workflow ON workflow_tasks (workflow_id)
    """)
    op.execute("""
        CREATE INDEX idx_documents_plant ON documents (plant_id)
    """)
    op.execute("""
        CREATE INDEX idx_documents_expiry ON documents (expiry_date) WHERE status = 'Valid'
    """)
    op.execute("""
        CREATE INDEX idx_users_tenant ON users (tenant_id)
    """)
    op.execute("""
        CREATE FUNCTION current_tenant() RETURNS varchar LANGUAGE sql STABLE AS $$
            SELECT nullif(current_setting('app.tenant_id', true), '')::varchar
        $$
    """)
    op.execute("""
        CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END
        $$
    """)
    op.execute("""
        CREATE FUNCTION workflow_progress(workflow integer) RETURNS double precision LANGUAGE sql STABLE AS $$
            SELECT coalesce(100.0 * count(*) FILTER (WHERE status = 'Completed') / nullif(count(*), 0), 0)
            FROM workflow_tasks
            WHERE workflow_id = workflow
        $$
    """)
    op.execute("""
        CREATE TRIGGER tenants_touch BEFORE UPDATE ON tenants
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
    """)
    op.execute("""
        CREATE TRIGGER plants_touch BEFORE UPDATE ON plants
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
    """)
    op.execute("""
        CREATE TRIGGER workflows_touch BEFORE UPDATE ON workflows
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
    """)
    op.execute("""
        CREATE TRIGGER workflow_tasks_touch BEFORE UPDATE ON workflow_tasks
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
    """)
    op.execute("""
        CREATE VIEW v_upcoming_deadlines AS
        SELECT p.tenant_id, p.id AS plant_id, p.name AS plant, p.next_deadline, p.next_deadline_type
        FROM plants AS p
        WHERE NOT p.is_deleted AND p.next_deadline < now() + interval '90 days'
    """)
    op.execute("""
        CREATE VIEW v_plant_overview AS
        SELECT p.tenant_id, p.id AS plant_id, p.name, p.type, p.status, p.power_kw, r.pod, r.gaudi,
               (SELECT count(*) FROM workflows AS w WHERE w.plant_id = p.id AND w.progress < 100) AS open_workflows
        FROM plants AS p
        LEFT JOIN plant_registry AS r ON r.plant_id = p.id
        WHERE NOT p.is_deleted
    """)
    op.execute("""
        ALTER TABLE users ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE plants ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE plant_registry ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE workflows ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE workflow_stages ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE workflow_tasks ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        ALTER TABLE documents ENABLE ROW LEVEL SECURITY
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON users
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON plants
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON plant_registry
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON workflows
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON workflow_stages
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON workflow_tasks
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        CREATE POLICY tenant_isolation ON documents
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kronos_app
    """)
    op.execute("""
        REVOKE ALL ON alembic_version FROM kronos_app
    """)
    op.execute("""
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kronos_app
    """)
    op.execute("""
        GRANT SELECT ON tenants, v_upcoming_deadlines, v_plant_overview TO kronos_readonly
    """)
    op.execute("""
        COMMENT ON TABLE plants IS 'Power plants; each belongs to one tenant'
    """)
    op.execute("""
        COMMENT ON COLUMN plant_registry.pod IS 'Point of delivery, given by the distributor'
    """)
    op.execute("""
        COMMENT ON COLUMN plant_registry.gaudi IS 'Code in the national register of production units'
    """)


def downgrade():
    op.execute("""
        DROP VIEW v_plant_overview, v_upcoming_deadlines
    """)
    op.execute("""
        DROP TABLE task_documents, documents, workflow_tasks, workflow_stages, workflows, plant_registry, plants, users, tenants
    """)
    op.execute("""
        DROP FUNCTION workflow_progress(integer), touch_updated_at(), current_tenant()
    """)
    op.execute("""
        DROP TYPE responsible_entity, task_priority, task_status, workflow_category, plant_type, plant_status, tenant_status
    """)
