CREATE TABLE mqtt_broker_stats (
  id BIGSERIAL PRIMARY KEY,
  broker VARCHAR(100) NOT NULL DEFAULT 'mqtt.brokers.1',
  connected_clients INTEGER NOT NULL,
  messages_received BIGINT NOT NULL,
  messages_sent BIGINT NOT NULL,
  bytes_received BIGINT NOT NULL,
  bytes_sent BIGINT NOT NULL,
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_mqtt_broker_stats_timestamp ON mqtt_broker_stats ("timestamp" DESC);
