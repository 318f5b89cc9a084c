-- Rows for as many plants as the setting sample.plants says (240 when it is not set), over five tenants.
INSERT INTO tenants (id, name, status, configuration, plan_expiry, max_users, max_plants, created_at)
VALUES
  ('demo',      'Demo',                    'Active',    '{"locale": "it", "modules": ["workflows", "documents"]}', current_date + 400, 25, 1000, now() - interval '900 days'),
  ('customer1', 'Sole e Vento Energia',    'Active',    '{"locale": "it", "modules": ["workflows", "documents", "reports"]}', current_date + 210, 50, 1000, now() - interval '700 days'),
  ('customer2', 'Idro Valle Alta',         'Active',    '{"locale": "it"}', current_date + 96, 20, 500, now() - interval '520 days'),
  ('customer3', 'Collina Biogas',          'Trial',     '{"locale": "en"}', current_date + 12, 5, 100, now() - interval '20 days'),
  ('customer4', 'Fumarola Geotermica',     'Suspended', '{"locale": "it"}', current_date - 30, 10, 50, now() - interval '610 days');

INSERT INTO users (email, password_hash, name, surname, role, tenant_id, last_login, is_deleted, created_at)
SELECT lower(name || '.' || surname) || n || '@' || tenant || '.example',
       -- A hash of nothing in particular: nobody can log in with it.
       '$2b$12$' || substr(md5('salt ' || n) || md5('hash ' || n), 1, 53),
       name, surname,
       (ARRAY['Admin', 'Asset Manager', 'Plant Owner', 'Operator', 'Viewer'])[1 + n % 5],
       tenant,
       date_trunc('second', now()) - n * interval '5 hours',
       n % 29 = 0,
       date_trunc('second', now()) - interval '500 days' + n * interval '2 days'
FROM generate_series(1, 120) AS n,
     LATERAL (SELECT (ARRAY['Alba', 'Brando', 'Cosima', 'Dafne', 'Elio', 'Fosca', 'Gilda', 'Livio'])[1 + n % 8],
                     (ARRAY['Abete', 'Betulla', 'Cipresso', 'Faggio', 'Ginepro', 'Larice', 'Olmo'])[1 + n % 7],
                     (ARRAY['demo', 'customer1', 'customer2', 'customer3', 'customer4'])[1 + n % 5]) AS p (name, surname, tenant);

INSERT INTO plants (name, code, power, power_kw, status, type, location, address, municipality, province, region,
                    latitude, longitude, next_deadline, next_deadline_type, tenant_id, created_by, created_at, updated_at)
SELECT (ARRAY['Campo', 'Colle', 'Valle', 'Ponte', 'Monte', 'Riva'])[1 + n % 6] || ' '
         || (ARRAY['Sereno', 'Lungo', 'Rosso', 'Chiaro', 'Antico', 'Verde', 'Alto'])[1 + n % 7] || ' ' || n,
       'PL-' || to_char(n, 'FM00000'),
       kw || ' kW', kw,
       (ARRAY['In Operation', 'In Operation', 'In Operation', 'In Authorization', 'Under Construction', 'In Operation', 'Decommissioned'])[1 + n % 7]::plant_status,
       (ARRAY['Photovoltaic', 'Wind', 'Photovoltaic', 'Hydroelectric', 'Photovoltaic', 'Biomass', 'Wind', 'Geothermal'])[1 + n % 8]::plant_type,
       'Località ' || (ARRAY['Le Querce', 'La Fonte', 'Il Poggio', 'San Vento'])[1 + n % 4],
       'Strada Provinciale ' || n % 120 || ', km ' || n % 40,
       place.municipality, place.province, place.region,
       place.latitude + (n % 50) / 100.0, place.longitude + (n % 70) / 100.0,
       date_trunc('day', now()) + (n * 13 % 400 - 20) * interval '1 day',
       (ARRAY['Annual fuel declaration', 'Meter calibration', 'Incentive renewal', 'Fire safety certificate'])[1 + n % 4],
       (ARRAY['demo', 'customer1', 'customer1', 'customer2', 'customer3', 'customer4'])[1 + n % 6],
       1 + n % 120,
       date_trunc('second', now()) - interval '400 days' + n * interval '9 hours',
       date_trunc('second', now()) - n * interval '3 hours'
FROM generate_series(1, coalesce(nullif(current_setting('sample.plants', true), ''), '240')::integer) AS n,
     LATERAL (SELECT round((20 + (n * 7919) % 6000)::numeric, 1)) AS power (kw),
     LATERAL (SELECT * FROM (VALUES (0, 'Foggia', 'FG', 'Puglia', 41.4, 15.5), (1, 'Sondrio', 'SO', 'Lombardia', 46.1, 9.8),
                                    (2, 'Enna', 'EN', 'Sicilia', 37.5, 14.2), (3, 'Pomarance', 'PI', 'Toscana', 43.2, 10.8),
                                    (4, 'Cuneo', 'CN', 'Piemonte', 44.3, 7.5))
                AS v (k, municipality, province, region, latitude, longitude) WHERE k = n % 5) AS place;

INSERT INTO plant_registry (plant_id, pod, gaudi, censimp, connection_voltage_kv, commissioned_on, technical_data, tenant_id)
SELECT id, 'IT001E' || to_char(id * 37, 'FM00000000'), 'UP_' || to_char(id, 'FM000000'), 'IM_' || to_char(id * 3, 'FM0000000'),
       (ARRAY[0.4, 15, 20, 132])[1 + id % 4], current_date - (id * 11 % 5000),
       jsonb_build_object('inverters', id % 40, 'strings', id * 3 % 200, 'meter', 'bidirectional'), tenant_id
FROM plants;

INSERT INTO workflows (name, plant_id, type, category, description, current_status, progress, due_date,
                       involved_entities, document_requirements, tenant_id, created_at, updated_at)
SELECT (ARRAY['Grid connection', 'Fuel declaration', 'Incentive application', 'Change of ownership', 'Inverter replacement', 'Safety audit'])[1 + (p.id + k) % 6],
       p.id,
       (ARRAY['Connection', 'Declaration', 'Application', 'Transfer', 'Repair', 'Audit'])[1 + (p.id + k) % 6],
       (ARRAY['Activation', 'Fiscal', 'Incentives', 'Changes', 'Maintenance', 'Compliance'])[1 + (p.id + k) % 6]::workflow_category,
       'Opened for ' || p.name,
       (ARRAY['Draft', 'Submitted', 'In review', 'Approved'])[1 + (p.id * k) % 4],
       (p.id * 17 + k * 31) % 101,
       date_trunc('day', now()) + (p.id * k % 300 - 40) * interval '1 day',
       to_jsonb((ARRAY['DSO', 'Terna', 'GSE', 'Customs'])[1 : 1 + (p.id + k) % 4]),
       '["Single-line diagram", "Identity card of the legal representative"]',
       p.tenant_id,
       p.created_at + k * interval '20 days', p.created_at + k * interval '31 days'
FROM plants AS p, generate_series(1, 3) AS k;

INSERT INTO workflow_stages (workflow_id, name, position, completed, started_at, completed_at, tenant_id)
SELECT w.id, (ARRAY['Preparation', 'Submission', 'Review', 'Closing'])[k], k, w.progress >= k * 25,
       CASE WHEN w.progress >= (k - 1) * 25 THEN w.created_at + k * interval '6 days' END,
       CASE WHEN w.progress >= k * 25 THEN w.created_at + k * interval '9 days' END, w.tenant_id
FROM workflows AS w, generate_series(1, 4) AS k;

INSERT INTO workflow_tasks (workflow_id, stage_id, title, description, status, priority, assignee, due_date,
                            responsible_entity, practice_type, portal_url, tenant_id, created_at, updated_at)
SELECT s.workflow_id, s.id,
       (ARRAY['Collect documents', 'Fill in the form', 'Pay the fee', 'Answer the authority', 'File the receipt'])[1 + (s.id + k) % 5],
       NULL,
       CASE WHEN s.completed THEN 'Completed' ELSE (ARRAY['To Start', 'In Progress', 'Delayed', 'Blocked'])[1 + (s.id * k) % 4] END::task_status,
       (ARRAY['High', 'Medium', 'Low'])[1 + (s.id + k) % 3]::task_priority,
       'operator' || s.id % 12 || '@' || s.tenant_id || '.example',
       date_trunc('day', now()) + (s.id * k % 200 - 50) * interval '1 day',
       -- The last of the entities is not used: no plant of these lies in a protected landscape.
       (ARRAY['DSO', 'Terna', 'GSE', 'Customs', 'Municipality', 'Region'])[1 + (s.id + k) % 6]::responsible_entity,
       (ARRAY['Connection request', 'Annual declaration', 'Notice'])[1 + s.id % 3],
       'https://portal.example/practice/' || s.id,
       s.tenant_id,
       date_trunc('second', now()) - s.id % 300 * interval '1 day', date_trunc('second', now()) - s.id % 100 * interval '1 hour'
FROM workflow_stages AS s, generate_series(1, 2) AS k;

INSERT INTO documents (name, type, size, url, category, status, expiry_date, version, tags, plant_id, workflow_id, tenant_id, created_at)
SELECT (ARRAY['Connection contract', 'Calibration certificate', 'Single-line diagram', 'Fee receipt'])[1 + w.id % 4] || ' ' || w.id || '.pdf',
       'PDF', 20000 + w.id * 977 % 4000000, 'documents/' || md5('document ' || w.id) || '.pdf',
       (ARRAY['Contract', 'Certificate', 'Technical', 'Fiscal'])[1 + w.id % 4],
       CASE WHEN w.id % 9 = 0 THEN 'Expired' ELSE 'Valid' END,
       current_date + (w.id * 7 % 700 - 60), 1 + w.id % 3, '["scanned"]', w.plant_id, w.id, w.tenant_id, w.created_at
FROM workflows AS w;

INSERT INTO task_documents (task_id, document_id)
SELECT t.id, d.id FROM workflow_tasks AS t JOIN documents AS d ON d.workflow_id = t.workflow_id WHERE t.id % 4 = 0;
