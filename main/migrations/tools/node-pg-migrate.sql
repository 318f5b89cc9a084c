SELECT name, run_on::text AS "appliedAt" FROM @table ORDER BY run_on, id
