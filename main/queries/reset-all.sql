-- Resets all counters of all statements.
SELECT {{source}}_reset()
