SELECT version::text AS version, inserted_at::text AS "appliedAt" FROM @table ORDER BY version
