-- Drops the partitions of table_name whose day lies more than days days back. Gives back how many.
CREATE FUNCTION drop_old_partitions(table_name TEXT, days INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  dropped INTEGER := 0;
  name TEXT;
BEGIN
  FOR name IN
    SELECT child.relname
    FROM pg_inherits
    JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = table_name::REGCLASS
      AND child.relname ~ (table_name || '_\d{8}$')
      AND to_date(right(child.relname, 8), 'YYYYMMDD') < CURRENT_DATE - days
  LOOP
    EXECUTE format('DROP TABLE %I', name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
