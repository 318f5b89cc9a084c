import { isAbsolute } from 'node:path';
import type { Backup } from '../../preload/contract/backups.ts';
import { fail } from '../lib/fail.ts';
import type { Secrets } from '../secrets/index.ts';
import type { Catalogue } from './catalogue/index.ts';
import { backupKey, type Decrypted, type Key, openDecrypted } from './create/index.ts';
import { type BackupFiles, decodedStream, type ReadBackup, verifyReadable } from './files/index.ts';
import { type RestoreSource, sourceOf } from './restore/index.ts';
import type { Programs } from './types.ts';

/** A backup that somebody pointed at, read as a whole. */
export interface Opened {
  path: string;
  /** As the catalogue knows it, where it does. */
  known: Backup | undefined;
  read: ReadBackup;
  /** What is inside, where it is encrypted. */
  inner: ReadBackup | undefined;
  decrypted: Decrypted | undefined;
  close(): Promise<void>;
}

export interface OpenNeeds {
  files: BackupFiles;
  catalogue: Catalogue;
  secrets: Secrets;
}

/**
 * Opens a backup by the catalogue's id or its path. An encrypted one is opened into a folder for this account alone,
 * until it is closed.
 *
 * @throws INVALID; BackupFailure; the signal's reason
 */
export async function openBackup(
  { files, catalogue, secrets }: OpenNeeds,
  { backup: ref, passphrase }: { backup: string; passphrase?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const known = await catalogue.get(ref);
  const path = known?.path ?? ref;
  if (!isAbsolute(path))
    throw fail('INVALID', {
      cause: 'backup-unknown',
      field: 'backup',
      what: `There is no backup "${ref}".`,
      why: 'It is neither a number of the catalogue nor a whole path.',
      next: 'Give the path from the root on, or a number as the list shows it.',
    });
  const read = await files.read(path, { ...(signal ? { signal } : {}) });
  if (!read.backup.isEncrypted)
    return { path, known, read, inner: undefined, decrypted: undefined, close: async () => undefined };
  const key: Key =
    passphrase === undefined ? { identity: (await backupKey(secrets)).identity } : { passphrase };
  const decrypted = await openDecrypted(path, key, { signal });
  try {
    const inner = await files.read(decrypted.path, { ...(signal ? { signal } : {}) });
    return { path, known, read, inner, decrypted, close: decrypted.close };
  } catch (error) {
    await decrypted.close();
    throw error;
  }
}

/** The same for restoring it. @throws {Refused} */
export async function sourceFrom(
  { path, read, inner, decrypted }: Opened,
  files: BackupFiles,
  programs: Programs,
): Promise<RestoreSource> {
  const areProgramsHere = programs.about.kind === 'local';
  const check = (signal: AbortSignal) =>
    verifyReadable(files, decrypted?.path ?? path, { programs: [programs], signal });
  if (!inner || !decrypted) return await sourceOf(path, read, { areProgramsHere, check });
  const { format, wrapping } = inner.recognised;
  return await sourceOf(
    path,
    { ...read, toc: inner.toc, plain: inner.plain, archive: inner.archive },
    {
      areProgramsHere,
      check,
      opened: {
        open: format === 'directory' ? null : async () => decodedStream(decrypted.path, wrapping),
        folder: format === 'plain' ? null : decrypted.path,
      },
    },
  );
}

/** What its programs have to know, for choosing them. */
export function wantedFor({ read, inner }: Opened, server: number) {
  const { archive, plain } = inner ?? read;
  return {
    need: archive ? ('restore' as const) : ('script' as const),
    server,
    source: read.manifest?.server.versionNum ?? null,
    archive: archive?.version ?? null,
    isRestricted: plain?.isRestricted ?? false,
  };
}
