DELETE FROM @table WHERE version_id=$1
