-- What the machine's kernel says of it; $1 is a file of /proc or /sys, which have no length.
SELECT convert_from(pg_read_binary_file($1, 0, 8192, true), 'UTF8') AS text
