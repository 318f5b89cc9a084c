-- A day of a table is one partition, named after it: device_logs_20250131.
CREATE FUNCTION create_day_partition(parent TEXT, day DATE) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  name TEXT := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(quote_ident(name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, day, day + 1);
  RETURN true;
END
$$;

-- Makes the partitions that are missing from days_back days ago until days_ahead days from now.
CREATE FUNCTION ensure_day_partitions(parent TEXT, days_back INTEGER, days_ahead INTEGER)
RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  made INTEGER := 0;
  day DATE;
BEGIN
  FOR day IN SELECT generate_series(CURRENT_DATE - days_back, CURRENT_DATE + days_ahead, INTERVAL '1 day')::DATE LOOP
    IF create_day_partition(parent, day) THEN
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END
$$;
