create table if not exists @table (version varchar primary key)
