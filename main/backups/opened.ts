import { isAbsolute } from 'node:path';
import type { Backup } from '../../preload/contract/backups.ts';
import { fail } from '../lib/fail.ts';
import type { Secrets } from '../secrets/index.ts';
import { type Buckets, isBucketPath } from './buckets/index.ts';
import type { Catalogue } from './catalogue/index.ts';
import { type Decrypted, type Key, keyFor, openDecrypted } from './create/index.ts';
import { type BackupFiles, decodedStream, type ReadBackup, verifyReadable } from './files/index.ts';
import { type RestoreSource, sourceOf } from './restore/index.ts';
import type { Programs } from './types.ts';

/** A backup that somebody pointed at, read as a whole. */
export interface Opened {
  /** On this machine: of a backup in a bucket that of its copy. */
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
  buckets: Buckets;
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
  needs: OpenNeeds,
  { backup: ref, passphrase }: { backup: string; passphrase?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const known = await needs.catalogue.get(ref);
  const path = known?.path ?? ref;
  if (!isAbsolute(path) && !isBucketPath(path))
    throw fail('INVALID', {
      cause: 'backup-unknown',
      field: 'backup',
      what: `There is no backup "${ref}".`,
      why: 'It is neither a number of the catalogue nor a whole path.',
      next: 'Give the path from the root on, or a number as the list shows it.',
    });
  const copy = await readWhole(needs, path, signal);
  try {
    return { known, ...copy, ...(await openInner(needs, copy, passphrase, signal)) };
  } catch (error) {
    await copy.close();
    throw error;
  }
}

/**
 * Reads a backup as a whole, by its path; of one in a bucket a copy that is there until it is closed.
 *
 * @throws BackupFailure; the signal's reason
 */
export async function readWhole(
  { files, buckets }: Pick<OpenNeeds, 'files' | 'buckets'>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Opened, 'path' | 'read' | 'close'>> {
  const reading = { ...(signal ? { signal } : {}) };
  if (!isBucketPath(path))
    return { path, read: await files.read(path, reading), close: async () => undefined };
  const target = await buckets.target(path);
  const copy = await buckets.fetched.fetch(await buckets.client(target.place), target, reading);
  try {
    const read = await files.read(copy.path, reading);
    read.backup.path = target.path;
    read.problem ??= copy.damage;
    return { path: copy.path, read, close: copy.close };
  } catch (error) {
    await copy.close();
    throw error;
  }
}

async function openInner(
  { files, secrets }: OpenNeeds,
  { path, read, close }: Pick<Opened, 'path' | 'read' | 'close'>,
  passphrase: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Pick<Opened, 'inner' | 'decrypted' | 'close'>> {
  if (!read.backup.isEncrypted) return { inner: undefined, decrypted: undefined, close };
  const key: Key =
    passphrase === undefined
      ? { identity: (await keyFor(secrets, read.manifest?.encryption?.recipient ?? null)).identity }
      : { passphrase };
  const decrypted = await openDecrypted(path, key, { signal });
  const closeAll = async (): Promise<void> => {
    await decrypted.close();
    await close();
  };
  try {
    const inner = await files.read(decrypted.path, { ...(signal ? { signal } : {}) });
    return { inner, decrypted, close: closeAll };
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
