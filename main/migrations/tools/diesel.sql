SELECT version, to_char(run_on, 'YYYY-MM-DD HH24:MI:SS.MS') AS at FROM @table ORDER BY version COLLATE "C"
