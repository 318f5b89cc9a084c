UPDATE devices SET is_online = true, last_connectivity_event = now(), shadow_version = shadow_version + 1 WHERE id = $1
