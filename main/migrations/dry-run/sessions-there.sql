-- Whether sessions of a dry run's name are on this database, where they must not be.
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_stat_activity
  WHERE application_name = $1 AND datname = pg_catalog.current_database()
) AS seen
