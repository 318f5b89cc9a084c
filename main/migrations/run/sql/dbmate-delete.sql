delete from @table where version = $1
