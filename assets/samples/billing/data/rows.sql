INSERT INTO customers (customer_id, company_name, email, billing_address, created_at)
SELECT 'cust_' || substr(md5('customer ' || n), 1, 16),
       (ARRAY['Alder', 'Birch', 'Cedar', 'Drum', 'Ember', 'Fjord', 'Granite', 'Harbour', 'Iron', 'Juniper'])[1 + n % 10] || ' '
         || (ARRAY['Works', 'Foods', 'Metering', 'Logistics', 'Glass', 'Paper', 'Cooling'])[1 + n % 7] || ' ' || n,
       'billing' || n || '@customer.example',
       jsonb_build_object('country', (ARRAY['DE', 'AT', 'CH', 'NL', 'DK'])[1 + n % 5]),
       date_trunc('second', now()) - interval '600 days' + n * interval '1 day'
FROM generate_series(1, 400) AS n;

INSERT INTO subscriptions (customer_id, plan, status, max_devices, price_cents, current_period_start, current_period_end, trial_ends_at, created_at)
SELECT customer_id,
       (ARRAY['starter', 'starter', 'professional', 'enterprise'])[1 + id % 4],
       (ARRAY['active', 'active', 'active', 'past_due', 'active', 'trialing', 'canceled'])[1 + id % 7]::subscription_status,
       (ARRAY[10, 10, 100, 1000])[1 + id % 4], (ARRAY[2900, 2900, 14900, 99000])[1 + id % 4],
       date_trunc('day', now()) - (id % 30) * interval '1 day', date_trunc('day', now()) + (30 - id % 30) * interval '1 day',
       CASE WHEN id % 7 = 5 THEN now() + (id % 14) * interval '1 day' END, created_at
FROM customers;

INSERT INTO usage_reports (customer_id, instance_id, active_devices, total_devices, messages, reported_at)
SELECT c.customer_id, 'instance-' || c.id, c.id % 40, c.id % 40 + d % 5, 1000 + (c.id * 7919 + d * 104729) % 90000,
       date_trunc('day', now()) - d * interval '1 day' + interval '2 hours'
FROM customers AS c, generate_series(1, 70) AS d;

INSERT INTO license_history (customer_id, action, plan, max_devices, license_hash, generated_at)
SELECT s.customer_id, CASE WHEN n = 0 THEN 'generated' WHEN n % 3 = 2 THEN 'downgraded' ELSE 'upgraded' END, s.plan, s.max_devices,
       md5('licence ' || s.id || ' ' || n) || md5('of ' || s.id || ' ' || n), s.created_at + n * interval '80 days'
FROM subscriptions AS s, generate_series(0, 3) AS n;
