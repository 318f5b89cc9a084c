DELETE FROM audit_log
WHERE created_at < now() - interval '1 hour' AND created_at <> date_trunc('second', created_at)
