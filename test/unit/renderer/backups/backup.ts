import type { Backup } from '../../../../preload/contract/backups.ts';

/** A backup that is there and was read, unless told otherwise. */
export const backup = (more: Partial<Backup> = {}): Backup => ({
  id: '1',
  environment: 'e',
  path: '/backups/shop',
  format: 'directory',
  compression: 'gzip',
  isEncrypted: false,
  madeBy: 'howdah',
  job: null,
  contents: null,
  at: 0,
  durationMs: 1000,
  bytes: 1000,
  database: 'shop',
  serverVersion: '15.18',
  toolVersion: '15.18',
  objects: 10,
  sha256: null,
  verification: { level: 'readable', state: 'good', at: 0, said: [] },
  isThere: true,
  ...more,
});
