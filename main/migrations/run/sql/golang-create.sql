CREATE TABLE IF NOT EXISTS @table (version bigint not null primary key, dirty boolean not null)
