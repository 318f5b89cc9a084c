-- What the settings files hold, line by line, and what the server can't take of it.
SELECT sourcefile, sourceline, name, setting, applied, error FROM pg_file_settings ORDER BY seqno
