export { decodedStream } from './decode.ts';
export { type BackupFiles, openBackupFiles } from './files.ts';
export { digestOf, Manifest, type ManifestFile, manifestPath } from './manifest.ts';
export type { ReadBackup } from './read.ts';
export { verifyReadable } from './verify.ts';
