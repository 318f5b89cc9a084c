-- Every setting that this role may see.
SELECT name, setting, unit, category, short_desc, extra_desc, context, vartype, source, min_val, max_val,
       coalesce(enumvals, '{}') AS enumvals, boot_val, reset_val, sourcefile, sourceline, pending_restart
  FROM pg_settings
 ORDER BY category, name
