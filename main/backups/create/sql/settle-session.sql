-- A session that waits in a transaction for as long as the dump takes is not to be ended for that.
SELECT set_config(name, '0', false)
  FROM pg_settings
 WHERE name IN ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')
