import type { SslMode } from '../../preload/contract/connection.ts';

/** libpq's modes in plain words, from no protection to full (PostgreSQL manual, "SSL Support"). */
export const sslModeWords: Record<SslMode, string> = {
  disable: 'Never encrypted.',
  allow: 'Encrypted only when the server insists. Nothing is checked.',
  prefer: 'Encrypted when the server offers it. Nothing is checked.',
  require: 'Always encrypted. Who answers is not checked.',
  'verify-ca': 'Always encrypted, with a certificate from a trusted authority.',
  'verify-full': 'Always encrypted, with a trusted certificate made for this host name.',
};

export const sslModes = Object.keys(sslModeWords) as SslMode[];
