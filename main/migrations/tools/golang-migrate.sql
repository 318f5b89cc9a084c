SELECT version::text AS version, dirty FROM @table ORDER BY dirty DESC, version DESC LIMIT 100
