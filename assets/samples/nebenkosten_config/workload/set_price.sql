UPDATE settings SET value = to_jsonb($1::numeric) WHERE key = 'price.strom.kwh'
