-- Whether the library is loaded: without it its settings are at most names that somebody wrote down, which this view leaves out.
SELECT count(*) > 0 AS "loaded" FROM pg_settings WHERE name = 'pg_stat_statements.max'
