import type { TocEntry } from '../../../preload/contract/backups.ts';
import type { ByteReader } from './byte-reader.ts';

/** The head of an archive of pg_dump. Source: pg_backup_archiver.c, WriteHead and WriteToc. */
export interface ArchiveHead {
  /** Such as `1.14`. */
  version: string;
  /** Directories carry the mark of a tar in their toc.dat: nothing tells them apart there. */
  kind: 'custom' | 'tar' | 'unknown';
  compression: 'none' | 'gzip' | 'lz4' | 'zstd' | 'unknown';
  /** Wall-clock time of the machine that made it, read as this machine's. */
  at: number;
  database: string | null;
  serverVersion: string | null;
  toolVersion: string | null;
}

/** An entry with what only the archive's reader needs. */
export interface ArchiveEntry extends TocEntry {
  /** It is one that `pg_restore -l` lists. */
  isListed: boolean;
  hasData: boolean;
  /** Its rows come as COPY, which ends with a mark. */
  isCopy: boolean;
  /** The member with its data, in directories and tars. */
  file: string | null;
  /** Where its data begins in a custom archive; null: not told, as in archives made through a pipe. */
  offset: number | null;
  /** Ids of what it needs. */
  needs: number[];
}

/** An archive of a version that is not known here. */
export class UnknownArchive extends Error {
  override readonly name = 'UnknownArchive';
  readonly version: string;

  constructor(version: string) {
    super(`Archives of version ${version} are not known.`);
    this.version = version;
  }
}

/** What its fields say can't be: it is damaged. */
export class BrokenArchive extends Error {
  override readonly name = 'BrokenArchive';
}

/** No definition is as long as this, and no name, bytes; a larger number is a damaged one. */
const mostText = 1024 ** 3;
const mostName = 16 * 1024 ** 2;
/** Entries of PostgreSQL's own that no list shows. */
const hidden = new Set(['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE', 'DATABASE PROPERTIES']);

/**
 * Reads the head of an archive and then its table of contents; definitions are passed over.
 *
 * @throws {UnknownArchive}, {BrokenArchive}; {CutShort}
 */
export async function readHead(bytes: ByteReader): Promise<{ head: ArchiveHead; archive: ArchiveReader }> {
  const start = await bytes.take(11);
  if (start.toString('latin1', 0, 5) !== 'PGDMP') throw new BrokenArchive('It has no head.');
  const [major = 0, minor = 0, , intSize = 0, offsetSize = 0, format = 0] = start.subarray(5);
  const version = `${major}.${minor}`;
  if (major !== 1 || minor < 12 || minor > 16) throw new UnknownArchive(version);
  if (intSize < 2 || intSize > 8 || offsetSize < 4 || offsetSize > 8)
    throw new BrokenArchive('Its head is damaged.');
  const archive = new ArchiveReader(bytes, minor, intSize, offsetSize, format);
  const compression = await archive.compression();
  const [second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = await archive.ints(7);
  const database = await archive.text();
  const serverVersion = await archive.text();
  const toolVersion = await archive.text();
  return {
    head: {
      version,
      kind: format === 1 ? 'custom' : format === 3 ? 'tar' : 'unknown',
      compression,
      at: new Date(year + 1900, month, day, hour, minute, second).getTime(),
      database,
      serverVersion: shortVersion(serverVersion),
      toolVersion: shortVersion(toolVersion),
    },
    archive,
  };
}

/** `15.18` of `15.18 (Debian 15.18-0+deb12u1)`. */
export const shortVersion = (said: string | null): string | null => said?.split(' ')[0] || null;

class ArchiveReader {
  readonly #bytes: ByteReader;
  readonly #minor: number;
  readonly #intSize: number;
  readonly #offsetSize: number;
  readonly #format: number;

  constructor(bytes: ByteReader, minor: number, intSize: number, offsetSize: number, format: number) {
    this.#bytes = bytes;
    this.#minor = minor;
    this.#intSize = intSize;
    this.#offsetSize = offsetSize;
    this.#format = format;
  }

  async compression(): Promise<ArchiveHead['compression']> {
    if (this.#minor < 15) return (await this.int()) === 0 ? 'none' : 'gzip';
    const method = (await this.#bytes.take(1)).readUInt8();
    return (['none', 'gzip', 'lz4', 'zstd'] as const)[method] ?? 'unknown';
  }

  async int(): Promise<number> {
    const taken = await this.#bytes.take(1 + this.#intSize);
    const value = taken.readUIntLE(1, Math.min(this.#intSize, 6));
    return taken[0] ? -value : value;
  }

  async ints(count: number): Promise<number[]> {
    const all: number[] = [];
    for (let index = 0; index < count; index += 1) all.push(await this.int());
    return all;
  }

  async #length(most: number): Promise<number> {
    const length = await this.int();
    if (length > most) throw new BrokenArchive('Its table of contents is damaged.');
    return length;
  }

  async text(): Promise<string | null> {
    const length = await this.#length(mostName);
    return length < 0 ? null : (await this.#bytes.take(length)).toString('utf8');
  }

  /** Passes a text over. @returns its length, -1 for none */
  async #passText(): Promise<number> {
    const length = await this.#length(mostText);
    if (length > 0) await this.#bytes.skip(length);
    return length;
  }

  /** The chunks of one block of data, to its end. */
  async *chunks(bytes: ByteReader): AsyncGenerator<Buffer, void, void> {
    for (let length = await this.int(); length !== 0; length = await this.int()) {
      if (length < 0) throw new BrokenArchive('A block of rows is damaged.');
      yield* bytes.portions(length);
    }
  }

  async *entries(): AsyncGenerator<ArchiveEntry, void, void> {
    const count = await this.int();
    if (count < 0) throw new BrokenArchive('Its table of contents is damaged.');
    for (let index = 0; index < count; index += 1) yield await this.#entry();
  }

  async #entry(): Promise<ArchiveEntry> {
    const id = await this.int();
    if (id <= 0) throw new BrokenArchive('An entry of its table of contents is damaged.');
    const hasData = (await this.int()) !== 0;
    await this.#passText(); // the catalogue's oid
    await this.#passText(); // the object's oid
    const name = (await this.text()) ?? '';
    const kind = (await this.text()) ?? '';
    await this.int(); // section
    const definition = await this.#passText();
    await this.#passText(); // the statement that drops it
    const copy = await this.#passText();
    const schema = await this.text();
    await this.#passText(); // tablespace
    if (this.#minor >= 14) await this.#passText(); // access method
    if (this.#minor >= 16) await this.int(); // relkind
    const owner = await this.text();
    await this.#passText(); // "with oids", of old
    const needs: number[] = [];
    for (let need = await this.text(); need !== null; need = await this.text()) needs.push(Number(need));
    const isCustom = this.#format === 1;
    const offset = isCustom ? await this.#offset() : null;
    const file = isCustom ? null : await this.text();
    return {
      id,
      kind,
      schema: schema || null,
      name,
      owner: owner || null,
      bytes: null,
      isListed: !hidden.has(kind) && (definition > 0 || hasData),
      hasData,
      isCopy: copy > 0,
      file: file || null,
      offset,
      needs,
    };
  }

  /** Flag 2: it is set. 1: not known; 3: there is no data. */
  async #offset(): Promise<number | null> {
    const taken = await this.#bytes.take(1 + this.#offsetSize);
    return taken[0] === 2 ? taken.readUIntLE(1, Math.min(this.#offsetSize, 6)) : null;
  }
}

export type { ArchiveReader };
