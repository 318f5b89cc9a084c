insert into @table (version) values ($1)
