import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { decoded, type Wrapping } from './decode.ts';
import { PlainScan } from './plain-scan.ts';
import { noBackup } from './problems.ts';
import { isTarHeader } from './tar.ts';

/** What a path is, by its first bytes. */
export interface Recognised {
  format: Backup['format'];
  wrapping: Wrapping;
  /** `age`: encrypted; what is inside is not known. */
  encryption: 'age' | null;
  /** How its text is written, where it is a plain dump. */
  text: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Why it can't be used, or not as it is. */
  problem: Explanation | null;
}

const sniffed = 64 * 1024;

/**
 * Says what a file or folder is by its content, never by its name.
 *
 * @throws nothing: what can't be read is a problem
 */
export async function recognise(path: string, lz4?: string): Promise<Recognised> {
  let entry: Stats;
  try {
    entry = await stat(path);
    if (entry.isDirectory()) {
      if (await hasFile(path, 'toc.dat')) return what('directory');
      // Each file of it is encrypted on its own.
      const isSealed = await hasFile(path, 'toc.dat.age');
      return isSealed ? { ...what('directory'), encryption: 'age' } : what('unknown', noBackup('folder'));
    }
    if (!entry.isFile()) return what('unknown', noBackup('no-dump', 'It is no regular file.'));
    if (entry.size === 0) return what('unknown', noBackup('empty'));
    return await recogniseFile(path, lz4);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return what(
      'unknown',
      noBackup(isMissing ? 'missing' : 'unreadable', code ? `It says ${code}.` : undefined),
    );
  }
}

const hasFile = async (folder: string, name: string): Promise<boolean> =>
  (await stat(join(folder, name)).catch(() => undefined))?.isFile() ?? false;

async function recogniseFile(path: string, lz4: string | undefined): Promise<Recognised> {
  const head = await firstBytes(path);
  const wrapping = wrappingOf(head);
  if (wrapping === 'xz' || wrapping === 'bzip2') return what('unknown', noBackup(wrapping));
  if (wrapping === 'none') return recogniseContent(head);
  const { content, error } = await unwrappedHead(path, wrapping, lz4);
  if (content.length === 0) {
    if (error?.name === 'NoDecoder') return { ...what('unknown'), wrapping, problem: noLz4 };
    const problem = error ? noBackup('cut', 'What it is wrapped into can’t be read.') : noBackup('empty');
    return { ...what('unknown', problem), wrapping };
  }
  return { ...recogniseContent(content), wrapping };
}

const noLz4: Explanation = {
  cause: 'lz4-missing',
  what: 'The file is compressed with LZ4, and the program lz4 is not there.',
  why: 'It unpacks such files.',
  next: 'Install lz4 from your system’s packages, or unpack the file elsewhere.',
};

/** The content of a whole file by its first bytes, unwrapped. */
function recogniseContent(head: Buffer): Recognised {
  if (starts(head, 'PGDMP')) {
    const [major = 0, minor = 0] = head.subarray(5);
    if (major === 1 && minor >= 12 && minor <= 16 && head[10] === 3)
      return what('unknown', noBackup('toc-alone'));
    return what('custom');
  }
  if (isTarHeader(head)) {
    const name = head.toString('utf8', 0, Math.max(0, head.indexOf(0)));
    if (name === 'toc.dat') return what('tar');
    const listed = head.toString('latin1', 0, 100);
    if (/^(\.\/)?(backup_label|tablespace_map|PG_VERSION|base\/)/.test(listed))
      return what('unknown', noBackup('base-backup'));
    return what('unknown', noBackup(holdsToc(head) ? 'packed-directory' : 'other-tar'));
  }
  if (starts(head, 'age-encryption.org/v1') || starts(head, '-----BEGIN AGE ENCRYPTED FILE-----'))
    return { ...what('unknown'), encryption: 'age' };
  if (starts(head, 'PK\x03\x04') || starts(head, 'PK\x05\x06')) return what('unknown', noBackup('zip'));
  if (starts(head, 'Salted__') || starts(head, '-----BEGIN PGP MESSAGE'))
    return what('unknown', noBackup('other-encryption'));
  return recogniseText(head);
}

function recogniseText(head: Buffer): Recognised {
  const text = encodingOf(head);
  const body = text === 'utf-8' ? head : Buffer.from(new TextDecoder(text).decode(head));
  const scan = new PlainScan();
  scan.feed(body.subarray(0, 16 * 1024));
  const { isDump, isCluster, hasDatabases } = scan.facts;
  if (isDump) {
    // Whether a cluster's dump has databases may show later only.
    const format = isCluster && !hasDatabases ? 'globals' : 'plain';
    return { ...what(format, text === 'utf-8' ? null : noBackup('utf-16')), text };
  }
  if (/^(\/\*!.*\n|-- MariaDB dump|-- MySQL dump)/.test(body.toString('utf8', 0, 200)))
    return what('unknown', noBackup('mysql'));
  return what('unknown', noBackup('no-dump'));
}

function encodingOf(head: Buffer): Recognised['text'] {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x2d && head[1] === 0)) return 'utf-16le';
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x2d)) return 'utf-16be';
  return 'utf-8';
}

function wrappingOf(head: Buffer): Wrapping | 'xz' | 'bzip2' {
  const magic = head.length >= 4 ? head.readUInt32LE() : 0;
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (magic === 0xfd2fb528) return 'zstd';
  if (magic === 0x184d2204) return 'lz4';
  if (starts(head, '\xfd7zXZ\0')) return 'xz';
  if (starts(head, 'BZh')) return 'bzip2';
  return 'none';
}

/** Whether a tar's first members name a toc.dat in a folder. */
const holdsToc = (head: Buffer): boolean => /(^|\0|\/)toc\.dat\0/.test(head.toString('latin1'));

const starts = (head: Buffer, mark: string): boolean => head.toString('latin1', 0, mark.length) === mark;

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffed), 0, sniffed, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** As much as can be unwrapped, also of a file that is cut or damaged further on. */
async function unwrappedHead(
  path: string,
  wrapping: Wrapping,
  lz4: string | undefined,
): Promise<{ content: Buffer; error?: Error }> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of decoded(path, wrapping, lz4 === undefined ? {} : { lz4 })) {
      parts.push(part);
      bytes += part.length;
      if (bytes >= sniffed) break;
    }
  } catch (error) {
    return { content: Buffer.concat(parts), error: error as Error };
  }
  return { content: Buffer.concat(parts) };
}

const what = (format: Recognised['format'], problem: Explanation | null = null): Recognised => ({
  format,
  wrapping: 'none',
  encryption: null,
  text: 'utf-8',
  problem,
});
