import type { Backup, Verification } from '../../../preload/contract/backups.ts';
import type { Manifest } from './manifest.ts';

/** A backup as its manifest tells of it. */
export function backupOfManifest(path: string, manifest: Manifest, verification: Verification): Backup {
  return {
    id: null,
    environment: manifest.environment?.id ?? null,
    path,
    format: manifest.format,
    compression: manifest.compression.method,
    isEncrypted: manifest.encryption !== null,
    madeBy: 'howdah',
    job: null,
    contents: manifest.options.contents,
    at: manifest.at,
    durationMs: manifest.durationMs,
    bytes: manifest.bytes,
    database: manifest.database,
    serverVersion: manifest.server.version,
    toolVersion: manifest.tool.version,
    objects: manifest.objects,
    sha256: manifest.sha256,
    verification,
    isThere: true,
  };
}
