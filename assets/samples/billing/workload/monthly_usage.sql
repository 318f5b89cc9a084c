SELECT customer_id, peak_devices, messages
FROM monthly_usage
WHERE month = date_trunc('month', now())
ORDER BY messages DESC
LIMIT 20
