-- Whether a session that was lost here still works on over there.
SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND application_name = 'howdah' AND state <> 'idle'
