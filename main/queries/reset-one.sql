-- Resets one statement's counters, at top level and nested (extension 1.7 and later).
SELECT {{source}}_reset($1::oid, $2::oid, $3::int8)
