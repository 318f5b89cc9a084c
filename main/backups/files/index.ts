export { decodedStream } from './decode.ts';
export { type BackupFiles, openBackupFiles } from './files.ts';
export { digestOf, isManifestName, Manifest, type ManifestFile, manifestPath } from './manifest.ts';
export { backupOfManifest } from './manifest-backup.ts';
export type { ReadBackup } from './read.ts';
export { verifyReadable } from './verify.ts';
