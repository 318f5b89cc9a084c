CREATE TABLE mqtt_topic_metrics (
  id BIGSERIAL PRIMARY KEY,
  topic VARCHAR(500) NOT NULL,
  message_count BIGINT NOT NULL DEFAULT 0,
  bytes_received BIGINT NOT NULL DEFAULT 0,
  message_rate NUMERIC(12, 4),
  avg_message_size NUMERIC(12, 2),
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_mqtt_topic_metrics_topic ON mqtt_topic_metrics (topic, "timestamp" DESC);
