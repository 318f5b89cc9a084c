UPDATE agents SET last_seen = now() WHERE id = md5('agent ' || $1)::uuid
