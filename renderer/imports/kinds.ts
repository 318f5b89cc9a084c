import type { ImportKind } from '../../preload/contract/imports.ts';

/** What each kind of file is called on screen. */
export const kindWords: Record<ImportKind, string> = {
  env: '.env file',
  compose: 'Compose file',
  service: 'pg_service.conf',
  pgpass: '.pgpass',
  dbeaver: 'DBeaver connections',
  pgadmin: 'pgAdmin servers',
  dbgate: 'DbGate connections',
  howdah: 'Howdah environments',
};
