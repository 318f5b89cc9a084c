CREATE TABLE protocol_outputs (
  id SERIAL PRIMARY KEY,
  protocol VARCHAR(20) NOT NULL UNIQUE,
  socket_path VARCHAR(255) NOT NULL,
  data_format VARCHAR(20) NOT NULL DEFAULT 'json' CHECK (data_format IN ('json', 'csv')),
  delimiter VARCHAR(4) NOT NULL DEFAULT E'\n'
);
