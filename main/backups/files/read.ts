import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, TocEntry } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { type ArchiveEntry, type ArchiveHead, readHead, UnknownArchive } from './archive.ts';
import { ByteReader } from './byte-reader.ts';
import { decoded } from './decode.ts';
import { Manifest, manifestPath } from './manifest.ts';
import { type PlainFacts, PlainScan } from './plain-scan.ts';
import { noBackup } from './problems.ts';
import { type Recognised, recognise } from './recognise.ts';
import { isTarHeader, tarMembers, tarSize } from './tar.ts';
import { tablesOf } from './toc-tables.ts';
import { utf8Of } from './utf8.ts';

/** What a path is and what it says of itself. */
export interface ReadBackup {
  /** As the contract has it, of no catalogue. */
  backup: Backup;
  recognised: Recognised;
  /** Of archives: custom, directory and tar. */
  archive: ArchiveHead | null;
  /** Of plain dumps; after a short look only what stands in their first lines. */
  plain: PlainFacts | null;
  manifest: Manifest | null;
  /** Null after a short look at a plain dump. */
  toc: TocEntry[] | null;
  /** Why it can't be used, or not as it is. */
  problem: Explanation | null;
  /** What can't be told of it and why, a sentence each. */
  unknown: string[];
}

export interface ReadOptions {
  /** Plain dumps are read to their end, for their table of contents. */
  isWhole: boolean;
  lz4?: string | undefined;
}

/** The most that a manifest may hold, bytes. */
const mostManifest = 256 * 1024 * 1024;
const shortLook = 256 * 1024;

/** Reads what a backup is. @throws nothing that the path is to blame for: that is its problem */
export async function readBackup(path: string, options: ReadOptions): Promise<ReadBackup> {
  const recognised = await recognise(path, options.lz4);
  const [manifest, size, modified] = await Promise.all([manifestOf(path), sizeOf(path), modifiedAt(path)]);
  const read: ReadBackup = {
    backup: emptyBackup(path, recognised, size, modified),
    recognised,
    archive: null,
    plain: null,
    manifest: manifest instanceof Error ? null : manifest,
    toc: null,
    problem: recognised.problem,
    unknown: [],
  };
  if (manifest instanceof Error)
    read.unknown.push(`The manifest beside it can’t be used: ${manifest.message}`);
  try {
    if (recognised.format === 'plain' || recognised.format === 'globals')
      await readPlain(path, read, options);
    else if (recognised.format !== 'unknown' && !recognised.encryption) await readArchive(path, read, size);
  } catch (error) {
    read.problem ??= explain(error);
  }
  fill(read, size);
  return read;
}

/** A manifest that is there; an error when it can't be used; null when there is none. */
export async function manifestOf(path: string): Promise<Manifest | Error | null> {
  const file = manifestPath(path);
  try {
    if ((await stat(file)).size > mostManifest) return new Error('it is larger than any manifest.');
    const found = Manifest.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return found.success ? found.data : new Error('it is of another version, or damaged.');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return new Error(code ? `the system says ${code}.` : 'it is damaged.');
  }
}

/** The table of contents of an archive, opened as its format wants it. */
export async function openArchive(
  path: string,
  { format, wrapping }: Recognised,
): Promise<{ head: ArchiveHead; entries: AsyncGenerator<ArchiveEntry>; bytes: ByteReader }> {
  const file = format === 'directory' ? join(path, 'toc.dat') : path;
  let bytes = new ByteReader(decoded(file, wrapping));
  if (format === 'tar') {
    const first = await tarMembers(bytes).next();
    if (first.value) bytes = new ByteReader(first.value.content());
  }
  const { head, archive } = await readHead(bytes);
  return { head, entries: archive.entries(), bytes };
}

async function readArchive(path: string, read: ReadBackup, size: number): Promise<void> {
  const { head, entries, bytes } = await openArchive(path, read.recognised);
  read.archive = head;
  const all: ArchiveEntry[] = [];
  try {
    for await (const entry of entries) all.push(entry);
  } finally {
    await bytes.close();
  }
  const sizes = await sizesOf(path, read.recognised, all, size);
  const tables = tablesOf(all);
  read.toc = all
    .filter(({ isListed }) => isListed)
    .map(({ id, kind, schema, name, owner }) => ({
      id,
      kind,
      schema,
      name,
      owner,
      bytes: sizes.get(id) ?? null,
      ...(tables.has(id) ? { table: tables.get(id) } : {}),
    }));
  if (head.compression === 'unknown')
    read.unknown.push('It is compressed by a method that is not known here.');
}

/** Bytes of each entry's data as they lie on the disk, where the format tells. */
async function sizesOf(
  path: string,
  { format, wrapping }: Recognised,
  entries: readonly ArchiveEntry[],
  size: number,
): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  if (format === 'custom' && wrapping === 'none') {
    const placed = entries.filter(({ offset, hasData }) => hasData && offset !== null);
    placed.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
    for (const [index, { id, offset }] of placed.entries())
      sizes.set(id, Math.max(0, (placed[index + 1]?.offset ?? size) - (offset ?? 0)));
    return sizes;
  }
  if (wrapping !== 'none') return sizes;
  const members = format === 'directory' ? await directorySizes(path) : await tarSizes(path);
  for (const { id, file, kind } of entries)
    if (file && kind !== 'BLOBS') {
      const bytes = ['', '.gz', '.lz4', '.zst']
        .map((end) => members.get(file + end))
        .find((one) => one !== undefined);
      if (bytes !== undefined) sizes.set(id, bytes);
    }
  return sizes;
}

async function directorySizes(path: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isFile()) sizes.set(entry.name, (await stat(join(path, entry.name))).size);
  return sizes;
}

/** From header to header, without what lies between. */
async function tarSizes(path: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const file = await open(path);
  try {
    const head = Buffer.alloc(512);
    for (let at = 0; (await file.read(head, 0, 512, at)).bytesRead === 512 && isTarHeader(head); ) {
      const { name, bytes } = tarSize(head);
      sizes.set(name, bytes);
      at += 512 + Math.ceil(bytes / 512) * 512;
    }
  } finally {
    await file.close();
  }
  return sizes;
}

async function readPlain(path: string, read: ReadBackup, { isWhole, lz4 }: ReadOptions): Promise<void> {
  const toc: TocEntry[] = [];
  const scan = new PlainScan((entry) => toc.push(entry));
  let bytes = 0;
  const source = decoded(path, read.recognised.wrapping, lz4 === undefined ? {} : { lz4 });
  for await (const chunk of utf8Of(source, read.recognised.text)) {
    scan.feed(chunk);
    bytes += chunk.length;
    if (!isWhole && bytes >= shortLook) break;
  }
  const facts = scan.end();
  read.plain = facts;
  if (facts.hasDatabases) read.recognised.format = 'plain';
  if (facts.isCluster && facts.hasDatabases)
    read.unknown.push(
      'It holds all databases of a server, by pg_dumpall; one of them alone can’t be restored from it.',
    );
  if (!isWhole) return;
  read.toc = toc;
  if (!facts.isComplete)
    read.problem ??= noBackup(
      'cut',
      facts.endsInside ? `It ends inside the rows of ${facts.endsInside}.` : 'Its end mark is missing.',
    );
}

function fill(read: ReadBackup, size: number): void {
  const { backup, archive, plain, manifest, toc, recognised } = read;
  backup.format = recognised.format;
  backup.database = archive?.database ?? plain?.database ?? null;
  backup.serverVersion = archive?.serverVersion ?? plain?.serverVersion ?? null;
  backup.toolVersion = archive?.toolVersion ?? plain?.toolVersion ?? null;
  backup.at = archive?.at ?? plain?.at ?? backup.at;
  backup.objects = toc?.length ?? null;
  if (recognised.wrapping === 'none' && archive) backup.compression = archive.compression;
  if (manifest) {
    const { environment, format, compression, at, durationMs, database, server, tool, objects, sha256 } =
      manifest;
    if (recognised.format === 'unknown' && recognised.encryption) backup.format = format;
    if (recognised.encryption) backup.compression = compression.method;
    Object.assign(backup, {
      environment: environment?.id ?? null,
      madeBy: 'howdah',
      at,
      durationMs,
      database,
      sha256,
    });
    backup.serverVersion = server.version;
    backup.toolVersion = tool.version;
    backup.objects ??= objects;
    if (manifest.bytes > size && recognised.format !== 'directory')
      read.problem ??= noBackup('cut', `It was ${manifest.bytes} bytes, and is ${size}.`);
  } else {
    if (recognised.encryption)
      read.unknown.push('It is encrypted with age; what is in it shows only with its key or passphrase.');
    if (plain && backup.database === null && !plain.isCluster)
      read.unknown.push('A plain dump made without -C does not name its database.');
    if (recognised.format === 'globals')
      read.unknown.push('It does not name the server’s version; pg_dumpall writes that with --verbose only.');
    if (plain && plain.at === null)
      read.unknown.push(
        'A plain dump made without --verbose does not say when it was made; the time is that of the file.',
      );
    if (archive) read.unknown.push('The time is the clock’s where it was made, without its time zone.');
  }
}

function emptyBackup(
  path: string,
  { format, wrapping, encryption, problem }: Recognised,
  bytes: number,
  at: number,
): Backup {
  return {
    id: null,
    environment: null,
    path,
    format,
    compression: encryption ? 'unknown' : wrapping,
    isEncrypted: encryption !== null,
    madeBy: 'other',
    job: null,
    contents: null,
    at,
    durationMs: null,
    bytes,
    database: null,
    serverVersion: null,
    toolVersion: null,
    objects: null,
    sha256: null,
    verification: { level: 'none', state: 'unproven', at: null, said: [] },
    isThere: problem?.cause !== 'backup-missing',
  };
}

/** Of a file, or of all files of a folder; 0 when it can't be told. */
async function sizeOf(path: string): Promise<number> {
  try {
    const entry = await stat(path);
    if (!entry.isDirectory()) return entry.size;
    return [...(await directorySizes(path)).values()].reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    return 0;
  }
}

const modifiedAt = async (path: string): Promise<number> =>
  Math.round((await stat(path).catch(() => undefined))?.mtimeMs ?? 0);

function explain(error: unknown): Explanation {
  if (error instanceof UnknownArchive)
    return noBackup('archive-too-new', `It is of version ${error.version}.`);
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'CutShort' || code === 'Z_BUF_ERROR') return noBackup('cut');
  if (/^(Broken|Z_|ZSTD)/.test(code ?? name)) return noBackup('damaged', message);
  if (code) return noBackup(code === 'ENOENT' ? 'missing' : 'unreadable', `The system says ${code}.`);
  return noBackup('damaged', message);
}
