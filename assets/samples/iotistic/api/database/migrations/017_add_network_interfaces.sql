CREATE TABLE network_interfaces (
  id SERIAL PRIMARY KEY,
  device_uuid UUID NOT NULL REFERENCES devices (uuid) ON DELETE CASCADE,
  name VARCHAR(50) NOT NULL,
  ip4 INET,
  ip6 INET,
  mac MACADDR,
  wifi_ssid VARCHAR(64),
  wifi_signal INTEGER CHECK (wifi_signal BETWEEN -120 AND 0),
  is_default BOOLEAN NOT NULL DEFAULT false,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (device_uuid, name)
);

CREATE INDEX idx_network_interfaces_mac ON network_interfaces (mac);
