SELECT topic, access FROM mqtt_acls WHERE username = md5('device ' || $1)::uuid::text ORDER BY priority DESC
