UPDATE subscriptions SET updated_at = now() WHERE id = $1
