SELECT * FROM audit_log WHERE table_name = 'meters' AND record_id = $1 ORDER BY created_at DESC LIMIT 20
