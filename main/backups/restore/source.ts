import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { decodedStream, type ReadBackup } from '../files/index.ts';
import { utf8Of } from '../files/utf8.ts';
import type { RestoreSource } from './needs.ts';
import { Refused } from './refused.ts';

export interface SourceOptions {
  /** The programs that will read it are on this machine, and can open files. */
  areProgramsHere: boolean;
  /** Of an encrypted backup: what is inside, with the manifest's format; the path of a folder it was opened into. */
  opened?: { open: (() => Promise<Readable>) | null; folder: string | null };
  /** Reads all of it once more before anything is touched. */
  check?: RestoreSource['check'];
}

/**
 * A backup that was read as a whole, made ready to be restored.
 *
 * @throws {Refused} for what can't be restored at all
 */
export async function sourceOf(
  path: string,
  { recognised, manifest, toc, plain, problem }: ReadBackup,
  { areProgramsHere, opened, check }: SourceOptions,
): Promise<RestoreSource> {
  const isEncrypted = recognised.encryption !== null;
  const format = isEncrypted ? manifest?.format : recognised.format;
  // It is read as UTF-8 here, which is all that psql asks for.
  const isOtherText = format === 'plain' && recognised.text !== 'utf-8';
  if (problem && !(isEncrypted && opened) && !isOtherText) throw new Refused(problem);
  if (format === 'globals' || plain?.isCluster)
    throw new Refused({
      cause: 'globals',
      what: 'This backup is of a whole server, not of one database.',
      why: 'It makes roles and tablespaces, which no single database has.',
      next: 'Run it with psql on the server that shall have them.',
    });
  if (format !== 'custom' && format !== 'directory' && format !== 'tar' && format !== 'plain')
    throw new Refused({
      cause: 'no-backup',
      what: 'This is no backup that can be restored.',
      why: 'Its content is neither an archive of pg_dump nor a plain dump.',
      next: 'Choose another file.',
    });
  const { wrapping, text } = recognised;
  const isBare = !isEncrypted && wrapping === 'none';
  const bare = (): Readable => decodedStream(path, wrapping);
  const open =
    opened?.open ??
    (format === 'directory'
      ? null
      : async () => (text === 'utf-8' ? bare() : Readable.from(utf8Of(bare(), text), { objectMode: false })));
  return {
    path,
    format,
    isEncrypted,
    toc: toc ?? [],
    databaseBytes: manifest?.databaseBytes ?? null,
    rows: manifest?.rows ?? null,
    file: format === 'plain' || !areProgramsHere ? null : isBare ? path : (opened?.folder ?? null),
    open,
    streamBytes: isBare && format !== 'directory' && text === 'utf-8' ? (await stat(path)).size : null,
    notes: isOtherText ? [otherText] : [],
    ...(check ? { check } : {}),
  };
}

const otherText =
  'The dump was written as UTF-16, as PowerShell’s > does it, and is read as that; letters beyond ASCII may have been lost when it was made.';
