-- A part of a log file: $1 path, $2 offset, $3 length.
SELECT encode(pg_read_binary_file($1, $2, $3), 'base64') AS bytes
