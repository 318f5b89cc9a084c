export { readMigrations } from './migrations.ts';
export { openStore, type Store, StoreTooNew } from './store.ts';
export { within } from './within.ts';
