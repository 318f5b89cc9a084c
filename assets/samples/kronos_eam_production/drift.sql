-- What happened to production besides its migrations. It stands at the same Alembic revision as development, and
-- differs from it in 22 kinds:
--
--   1  missing index            idx_tasks_workflow was dropped during an incident and never made again
--   2  extra index              idx_workflows_due_date, made by hand for a slow page
--   3  other index              idx_plants_next_deadline covers living plants only
--   4  extra column             plants.external_ref, for an import
--   5  missing column           documents.version was never brought over
--   6  other type               documents.size is bigint
--   7  other length             plants.address is varchar(300)
--   8  missing default          workflow_tasks.priority has none
--   9  other default            tenants.max_users is 25
--  10  missing NOT NULL         users.surname may be null
--  11  extra enum value         plant_status has 'Under Maintenance'
--  12  missing enum value       responsible_entity lacks 'Superintendence'
--  13  other view               v_upcoming_deadlines looks 30 days ahead
--  14  missing policy           documents has row-level security on but no tenant_isolation
--  15  other policy             plants lets the tenant 'demo' see everything
--  16  other check              plants_power_positive allows 0
--  17  missing constraint       users_role_known
--  18  missing foreign key      documents_workflow_id_fkey
--  19  other function body      workflow_progress counts delayed tasks as half done
--  20  missing trigger          workflow_tasks_touch
--  21  extra table              plants_backup_20250802, left behind by a repair
--  22  other grants, comment    kronos_reporting may read plants; plants has another comment

DROP INDEX idx_tasks_workflow;

CREATE INDEX idx_workflows_due_date ON workflows (due_date);

DROP INDEX idx_plants_next_deadline;
CREATE INDEX idx_plants_next_deadline ON plants (next_deadline) WHERE NOT is_deleted;

ALTER TABLE plants ADD COLUMN external_ref varchar(64);

ALTER TABLE documents DROP COLUMN version;

ALTER TABLE documents ALTER COLUMN size TYPE bigint;

ALTER TABLE plants ALTER COLUMN address TYPE varchar(300);

ALTER TABLE workflow_tasks ALTER COLUMN priority DROP DEFAULT;

ALTER TABLE tenants ALTER COLUMN max_users SET DEFAULT 25;

ALTER TABLE users ALTER COLUMN surname DROP NOT NULL;

ALTER TYPE plant_status ADD VALUE 'Under Maintenance' AFTER 'In Operation';

ALTER TYPE responsible_entity RENAME TO responsible_entity_old;
CREATE TYPE responsible_entity AS ENUM ('DSO', 'Terna', 'GSE', 'Customs', 'Municipality', 'Region');
ALTER TABLE workflow_tasks
  ALTER COLUMN responsible_entity TYPE responsible_entity USING responsible_entity::text::responsible_entity;
DROP TYPE responsible_entity_old;

CREATE OR REPLACE VIEW v_upcoming_deadlines AS
SELECT p.tenant_id, p.id AS plant_id, p.name AS plant, p.next_deadline, p.next_deadline_type
FROM plants AS p
WHERE NOT p.is_deleted AND p.next_deadline < now() + interval '30 days';

DROP POLICY tenant_isolation ON documents;

ALTER POLICY tenant_isolation ON plants USING (tenant_id = current_tenant() OR current_tenant() = 'demo');

ALTER TABLE plants DROP CONSTRAINT plants_power_positive;
ALTER TABLE plants ADD CONSTRAINT plants_power_positive CHECK (power_kw >= 0);

ALTER TABLE users DROP CONSTRAINT users_role_known;

ALTER TABLE documents DROP CONSTRAINT documents_workflow_id_fkey;

CREATE OR REPLACE FUNCTION workflow_progress(workflow integer) RETURNS double precision LANGUAGE sql STABLE AS $$
    SELECT coalesce((100.0 * count(*) FILTER (WHERE status = 'Completed')
                     + 50.0 * count(*) FILTER (WHERE status = 'Delayed')) / nullif(count(*), 0), 0)
    FROM workflow_tasks
    WHERE workflow_id = workflow
$$;

DROP TRIGGER workflow_tasks_touch ON workflow_tasks;

CREATE TABLE plants_backup_20250802 AS SELECT * FROM plants WHERE id % 10 = 0;

GRANT SELECT ON plants TO kronos_reporting;
COMMENT ON TABLE plants IS 'Plants (do not delete rows, see the incident of August)';
