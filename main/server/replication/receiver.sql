-- On a standby: the process that receives WAL.
SELECT w.status AS state, w.sender_host AS host, w.sender_port AS port, w.slot_name AS slot,
       (extract(epoch FROM w.last_msg_receipt_time) * 1000)::float8 AS last_message_at
  FROM pg_stat_wal_receiver AS w
