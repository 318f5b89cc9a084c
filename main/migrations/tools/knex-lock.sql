SELECT count(*) FILTER (WHERE is_locked = 1)::integer AS held FROM @table
