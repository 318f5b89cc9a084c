ALTER TABLE vpn_certificates ADD COLUMN IF NOT EXISTS revoked_at TIMESTAMPTZ;
ALTER TABLE vpn_certificates ADD COLUMN IF NOT EXISTS revocation_reason VARCHAR(50);

CREATE INDEX idx_vpn_certificates_revoked ON vpn_certificates (serial_number) WHERE revoked_at IS NOT NULL;
