SELECT c.company_name, s.plan, s.status, s.current_period_end
FROM customers AS c
JOIN subscriptions AS s USING (customer_id)
WHERE c.id = $1
