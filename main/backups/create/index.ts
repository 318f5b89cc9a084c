export type { Key } from './age.ts';
export { createBackup } from './create.ts';
export { BackupFailure } from './failure.ts';
export { type BackupKey, backupKey, keptKeys, keyFor, takeKey } from './key.ts';
export { type Decrypted, openDecrypted } from './open-decrypted.ts';
export { planBackup } from './prepare.ts';
export type { BackupTask, CreateNeeds } from './task.ts';
