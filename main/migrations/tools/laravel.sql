SELECT migration AS name, batch FROM @table ORDER BY batch, migration
