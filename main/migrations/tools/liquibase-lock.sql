SELECT lockedby AS "heldBy", lockgranted::text AS since FROM @table WHERE locked
