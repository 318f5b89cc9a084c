import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type ImportSource, largestImport } from '../../preload/contract/imports.ts';

/** A file as it came in. */
export interface RawFile {
  /** Its name without folders. */
  name: string;
  /** Where it is on this machine; undefined for one that came with its content. */
  path: string | undefined;
  bytes: Buffer;
}

/** A file's text. */
export interface TextFile {
  name: string;
  path: string | undefined;
  text: string;
  /** It was no UTF-8 and was read as Latin-1. */
  guessed: boolean;
}

/** A file that can't be read; the message is the whole text for the person. */
export class SourceProblem extends Error {
  override name = 'SourceProblem';
}

/** First bytes of an SQLite database (SQLite file format, 1.3). */
const sqliteHeader = 'SQLite format 3\0';

export function isSqlite(bytes: Buffer): boolean {
  return bytes.subarray(0, sqliteHeader.length).toString('latin1') === sqliteHeader;
}

/**
 * Reads a source whole. Only regular files, and none that is larger than {@link largestImport}; of a larger SQLite
 * database only the beginning, which says what it is.
 *
 * @throws {SourceProblem}
 */
export async function readSource(source: ImportSource, home: string): Promise<RawFile> {
  const name = nameOf(source);
  if ('content' in source) {
    const bytes = Buffer.from(source.content, 'base64');
    if (bytes.length > largestImport) throw tooLarge();
    return { name, path: undefined, bytes };
  }
  const path = source.path.startsWith('~/') ? join(home, source.path.slice(2)) : source.path;
  if (!isAbsolute(path))
    throw new SourceProblem('The path has to be absolute: this is not read from any folder.');
  return { name, path, bytes: await readRegular(path) };
}

/** Name without folders, of this system or the one a browser runs on. */
export function nameOf(source: ImportSource): string {
  const whole = 'path' in source ? source.path : source.name;
  return whole.split(/[/\\]/).at(-1) || whole;
}

async function readRegular(path: string): Promise<Buffer> {
  try {
    // Before opening it: opening a device or a FIFO can already do something.
    if (!(await stat(path)).isFile()) throw notRegular();
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw notRegular();
      const most = facts.size > largestImport ? sqliteHeader.length : largestImport + 1;
      const bytes = await readAtMost(file, most);
      if (facts.size > largestImport && !isSqlite(bytes)) throw tooLarge();
      if (bytes.length > largestImport) throw tooLarge();
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof SourceProblem) throw error;
    throw new SourceProblem(inWords((error as NodeJS.ErrnoException).code));
  }
}

/** Reads on until the end: what says it is empty, under /proc for example, may not be. */
async function readAtMost(file: Awaited<ReturnType<typeof open>>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(most - length, 1 << 20)));
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts, length);
}

function notRegular(): SourceProblem {
  return new SourceProblem('This is a folder or a device, not a file. Choose a file.');
}

function tooLarge(): SourceProblem {
  return new SourceProblem(
    `The file is larger than ${largestImport / 1_000_000} MB. A file of connections is much smaller; choose another one.`,
  );
}

function inWords(code: string | undefined): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'This account may not read the file.';
  return `The file could not be read (${code ?? 'unknown reason'}).`;
}

/**
 * The text of a file: UTF-8, UTF-16 by its byte order mark, else Latin-1.
 *
 * @throws {SourceProblem} for what is no text, is empty, or is a certificate or a key
 */
export function decode({ name, path, bytes }: RawFile): TextFile {
  const { text, guessed } = toText(bytes);
  if (text.trim() === '') throw new SourceProblem('The file is empty.');
  if (text.includes('\0')) throw new SourceProblem('The file is binary: it has bytes that no text has.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these tell noise from text in an old encoding.
  if (guessed && /[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) {
    throw new SourceProblem('The file is binary: it has bytes that no text has.');
  }
  const other = keyOrCertificate(text.trimStart());
  if (other) throw new SourceProblem(`This is ${other}, which holds no connection.`);
  return { name, path, text: text.replace(/\r\n?/g, '\n'), guessed };
}

function toText(bytes: Buffer): { text: string; guessed: boolean } {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    // The decoder takes the byte order mark away.
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), guessed: false };
  } catch {
    if (encoding !== 'utf-8') {
      throw new SourceProblem('The file says it is UTF-16 and is not. Save it as UTF-8.');
    }
    return { text: bytes.toString('latin1'), guessed: true };
  }
}

function keyOrCertificate(text: string): string | undefined {
  const label = /^-----BEGIN ([A-Z0-9 ]{1,60})-----/.exec(text)?.[1];
  if (label?.includes('PRIVATE KEY')) return 'a private key';
  if (label?.includes('PUBLIC KEY')) return 'a public key';
  if (label?.includes('REQUEST')) return 'a certificate request';
  if (label) return 'a certificate or a key';
  if (/^PuTTY-User-Key-File-\d/.test(text)) return 'a private key';
  if (/^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S{1,40}|sk-\S{1,60}) AAAA/.test(text)) return 'a public key';
  return undefined;
}
