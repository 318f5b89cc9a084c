SELECT state::text AS row FROM @table AS state
