-- Rows for a company of 120 teams. Keys follow from a row's number, so that every load gives the same rows.
SELECT setseed(0.42);

INSERT INTO teams (id, name, created_at)
SELECT md5('team ' || n)::uuid,
       (ARRAY['Payments', 'Search', 'Identity', 'Billing', 'Mobile', 'Data', 'Platform', 'Checkout', 'Catalogue', 'Logistics'])[1 + n % 10]
         || ' ' || (ARRAY['Core', 'Edge', 'Tools', 'North', 'South', 'East', 'West', 'Labs', 'Ops', 'Quality', 'Web', 'API'])[1 + n / 10],
       date_trunc('second', now()) - interval '2 years' + n * interval '3 days'
FROM generate_series(0, 119) AS n;

INSERT INTO users (id, team_id, email, name, auth_provider, role_id, created_at)
SELECT md5('user ' || n)::uuid,
       md5('team ' || n % 120)::uuid,
       lower(first || '.' || last) || n || '@example.com',
       first || ' ' || last,
       (ARRAY['github', 'saml', 'google', 'local', 'gitlab'])[1 + n % 5],
       (SELECT id FROM roles WHERE name = CASE WHEN n % 40 = 0 THEN 'admin' WHEN n % 7 = 0 THEN 'reviewer' WHEN n % 3 = 0 THEN 'viewer' ELSE 'author' END),
       date_trunc('second', now()) - interval '500 days' + n * interval '13 hours'
FROM generate_series(0, 899) AS n,
     LATERAL (SELECT (ARRAY['Ada', 'Bela', 'Cleo', 'Dario', 'Edda', 'Falk', 'Gesa', 'Hanno', 'Ilka', 'Jori', 'Kaja', 'Levi', 'Mila'])[1 + n % 13],
                     (ARRAY['Ahorn', 'Birke', 'Celler', 'Distel', 'Erle', 'Fichte', 'Ginster', 'Hasel', 'Iltis', 'Jasmin', 'Kiefer'])[1 + n % 11]) AS person (first, last);

INSERT INTO rules (id, team_id, name, content, enforcement_mode, triggers, created_at, updated_at)
SELECT md5('rule ' || n)::uuid,
       md5('team ' || n % 120)::uuid,
       (ARRAY['Editor settings', 'Commit conventions', 'Licence headers', 'Assistant instructions', 'Container base images'])[1 + n / 120],
       repeat('Keep this section as the team agreed on it. ', 4 + n % 9),
       (ARRAY['block', 'warning', 'temporary'])[1 + n % 3],
       jsonb_build_array(jsonb_build_object('type', 'path', 'pattern', (ARRAY['**/.editorconfig', '**/CONTRIBUTING.md', '**/LICENSE', '**/AGENTS.md', '**/Dockerfile'])[1 + n / 120])),
       date_trunc('second', now()) - interval '400 days' + n * interval '9 hours',
       date_trunc('second', now()) - interval '20 days'
FROM generate_series(0, 599) AS n;

INSERT INTO agents (id, team_id, user_id, hostname, last_seen, created_at)
SELECT md5('agent ' || n)::uuid,
       md5('team ' || n % 120)::uuid,
       md5('user ' || n % 900)::uuid,
       (ARRAY['lap', 'dev', 'ci', 'desk'])[1 + n % 4] || '-' || to_char(n, 'FM0000') || '.corp.example',
       date_trunc('second', now()) - (random() ^ 4) * interval '40 days',
       date_trunc('second', now()) - interval '380 days' + n * interval '6 hours'
FROM generate_series(0, 1499) AS n;

INSERT INTO change_events (id, rule_id, agent_id, user_id, team_id, event_type, old_content, new_content, created_at)
SELECT md5('event ' || n)::uuid,
       md5('rule ' || n * 7 % 600)::uuid,
       md5('agent ' || n % 1500)::uuid,
       md5('user ' || n % 900)::uuid,
       md5('team ' || n % 120)::uuid,
       (ARRAY['change_detected', 'change_blocked', 'sync', 'change_detected', 'change_reverted', 'exception_granted', 'sync'])[1 + n % 7],
       CASE WHEN n % 7 <> 2 THEN 'indent_size = ' || n % 8 || E'\n' || repeat('max_line_length = 100' || E'\n', 3) END,
       'indent_size = ' || n % 5 || E'\n' || repeat('max_line_length = 110' || E'\n', 4 + n % 3),
       date_trunc('second', now()) - (60000 - n) * interval '130 seconds'
FROM generate_series(1, 60000) AS n;

INSERT INTO approvals (id, change_id, user_id, status, comment, created_at)
SELECT md5('approval ' || n)::uuid,
       md5('event ' || n * 7)::uuid,
       md5('user ' || n * 7 % 900)::uuid,
       CASE WHEN n > 7900 THEN 'pending' WHEN n % 6 = 0 THEN 'rejected' ELSE 'approved' END,
       CASE WHEN n % 6 = 0 THEN 'Please talk to the team first.' END,
       date_trunc('second', now()) - (60000 - n * 7) * interval '130 seconds' + interval '20 minutes'
FROM generate_series(1, 8000) AS n;

INSERT INTO notification_channels (team_id, kind, target, enabled)
SELECT md5('team ' || n % 120)::uuid,
       (ARRAY['email', 'webhook', 'chat'])[1 + n % 3],
       (ARRAY['team@example.com', 'https://hooks.example.com/edictflow', '#policy'])[1 + n % 3],
       n % 9 <> 0
FROM generate_series(0, 199) AS n;
