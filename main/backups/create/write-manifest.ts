import { open } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { digestOf, Manifest, type ManifestFile } from '../files/index.ts';
import type { Place } from './place.ts';
import type { Prepared } from './prepare.ts';
import type { BackupTask } from './task.ts';

export interface Made {
  files: ManifestFile[];
  objects: number | null;
  rows: Manifest['rows'];
  durationMs: number;
  recipient: string | null;
}

/** Writes the manifest beside the unfinished backup, on the disk for sure. */
export async function writeManifest(
  task: BackupTask,
  { moment, recipe, command }: Prepared,
  place: Place,
  { files, objects, rows, durationMs, recipient }: Made,
): Promise<Manifest> {
  const { encryption, ...options } = task.options;
  const isGlobals = recipe.format === 'globals';
  const manifest: Manifest = Manifest.parse({
    manifest: 1,
    howdah: task.version,
    who: `${accountName()}@${hostname()}`,
    environment: task.environment,
    database: isGlobals ? null : moment.look.database,
    server: { version: moment.look.version, versionNum: moment.look.versionNum },
    tool: task.programs.about,
    command,
    options,
    format: recipe.format,
    compression: recipe.compression,
    encryption: encryption.kind === 'none' ? null : { method: 'age', by: encryption.kind, recipient },
    at: moment.at,
    durationMs,
    databaseBytes: isGlobals ? null : moment.look.databaseBytes,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    objects,
    files,
    sha256: digestOf(files),
    rows,
  } satisfies Manifest);
  const file = await open(place.partialManifest, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return manifest;
}

/** An account without an entry in the system's list has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
