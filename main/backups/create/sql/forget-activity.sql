-- Within a transaction the server shows the same activity again and again until it is told to look anew.
SELECT pg_stat_clear_snapshot()
