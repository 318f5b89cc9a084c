import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInflate } from 'node:zlib';
import {
  type ArchiveEntry,
  type ArchiveHead,
  type ArchiveReader,
  BrokenArchive,
  readHead,
} from './archive.ts';
import { ByteReader } from './byte-reader.ts';
import { type DecodeFacts, decoded, through, unwrap, type Wrapping } from './decode.ts';
import { type Findings, faultOf } from './findings.ts';
import { onlyZerosFollow, tarMembers } from './tar.ts';

const noChecks =
  'The table of contents carries no check value: changed bytes there show only where it can’t be read.';

/** What pg_dump writes after the rows of a COPY, and after those written as INSERT. */
const copyEnd = '\\.\n\n\n';
const insertEnd = '\n\n\n';

/** Reads a custom archive to its end, and all that is packed in it. */
export async function checkCustom(source: AsyncGenerator<Buffer>, found: Findings): Promise<void> {
  const bytes = new ByteReader(source);
  try {
    const { head, archive } = await readHead(bytes);
    found.archive = head.version;
    const missing = new Map<number, ArchiveEntry>();
    for await (const entry of archive.entries()) if (entry.hasData) missing.set(entry.id, entry);
    while (!(await bytes.isAtEnd())) {
      const kind = (await bytes.take(1)).readUInt8();
      const id = await archive.int();
      const entry = missing.get(id);
      if (!entry || (kind !== 1 && kind !== 3))
        throw new BrokenArchive('A block of rows belongs to nothing.');
      if (kind === 1) await checkBlock(bytes, archive, head, entry, found);
      else while ((await archive.int()) !== 0) await checkBlock(bytes, archive, head, null, found);
      missing.delete(id);
    }
    for (const { name } of missing.values()) found.faults.push(`The rows of ${name} are missing.`);
    found.limits.push(noChecks);
    if (head.compression !== 'gzip')
      found.limits.push('Its rows carry no check values: bytes changed inside can’t be seen.');
  } finally {
    await bytes.close();
  }
}

/** @param entry null for a large object */
async function checkBlock(
  bytes: ByteReader,
  archive: ArchiveReader,
  { compression }: ArchiveHead,
  entry: ArchiveEntry | null,
  found: Findings,
): Promise<void> {
  const chunks = archive.chunks(bytes);
  // What can't be unpacked here is left to pg_restore.
  const content =
    compression === 'gzip'
      ? through(chunks, createInflate())
      : compression === 'zstd'
        ? unwrap(chunks, 'zstd', {})
        : chunks;
  const tail = await tailOf(content);
  if (entry && compression !== 'lz4' && compression !== 'unknown' && !endsWell(entry, tail))
    found.faults.push(`The rows of ${entry.name} are cut off.`);
}

/** Reads a tar of pg_dump: its structure first, because `pg_restore` never ends with one that is cut. */
export async function checkTar(source: AsyncGenerator<Buffer>, found: Findings): Promise<void> {
  const bytes = new ByteReader(source);
  try {
    let entries: ArchiveEntry[] = [];
    const members = new Map<string, { tail: string; text: string }>();
    for await (const { name, content } of tarMembers(bytes)) {
      if (members.size === 0) entries = await readToc(new ByteReader(content()), found);
      members.set(
        name,
        members.size === 0
          ? { tail: '', text: '' }
          : await textAndTail(content(), /^blobs.*\.toc$/.test(name)),
      );
    }
    if (!(await onlyZerosFollow(bytes)))
      found.faults.push('Something that does not belong to it follows its end.');
    for (const entry of entries) {
      if (!entry.file) continue;
      // A tar's entry for large objects does not name the list that is written for it.
      const lists = [`blobs_${entry.id}.toc`, 'blobs.toc'];
      const file = isBlobs(entry) ? (lists.find((name) => members.has(name)) ?? 'blobs.toc') : entry.file;
      const member = members.get(file);
      if (!member) found.faults.push(`${file}, with the data of ${entry.name}, is missing.`);
      else if (isBlobs(entry)) {
        for (const name of blobsIn(member.text, entry, entries, found))
          if (!members.has(name)) found.faults.push(`${name}, a large object, is missing.`);
      } else if (!endsWell(entry, member.tail)) found.faults.push(`The rows of ${entry.name} are cut off.`);
    }
    found.limits.push('A tar carries no check values of its content: bytes changed inside can’t be seen.');
  } finally {
    await bytes.close();
  }
}

/** Reads every member that the table of contents names to its end; `pg_restore` takes many cut ones for whole. */
export async function checkDirectory(path: string, found: Findings): Promise<void> {
  const there = new Set(await readdir(path));
  const raw = (name: string) => (chunk: Buffer) => found.onRaw(chunk, name);
  const toc = new ByteReader(decoded(join(path, 'toc.dat'), 'none', { onRaw: raw('toc.dat') }));
  let entries: ArchiveEntry[];
  try {
    entries = await readToc(toc, found);
  } catch (error) {
    const { said, isGap } = faultOf(error, 'toc.dat');
    (isGap ? found.gaps : found.faults).push(said);
    return;
  } finally {
    await toc.close();
  }
  found.limits.push(noChecks);
  const unchecked = new Set<string>();
  const read = async (name: string, wantsText: boolean) => {
    const [end, wrapping] = endings.find(([one]) => there.has(name + one)) ?? [];
    if (end === undefined || !wrapping) return undefined;
    const member = name + end;
    const facts: DecodeFacts = { isChecked: false };
    const content = decoded(join(path, member), wrapping, { facts, lz4: found.lz4, onRaw: raw(member) });
    try {
      const { text, tail } = await textAndTail(content, wantsText);
      if (!facts.isChecked) unchecked.add(wrapping);
      return { text, tail, wrapping };
    } catch (error) {
      const { said, isGap } = faultOf(error, member);
      (isGap ? found.gaps : found.faults).push(said);
      return { text: '', tail: null, wrapping };
    }
  };
  let openEnds = 0;
  for (const entry of entries) {
    if (!entry.file) continue;
    const member = await read(entry.file, isBlobs(entry));
    if (!member) found.faults.push(`${entry.file}, with the data of ${entry.name}, is missing.`);
    else if (isBlobs(entry))
      for (const name of blobsIn(member.text, entry, entries, found)) {
        const blob = await read(name, false);
        if (!blob) found.faults.push(`${name}, a large object, is missing.`);
        else if (blob.wrapping === 'none') openEnds += 1;
      }
    else if (member.tail !== null && !endsWell(entry, member.tail))
      found.faults.push(`${entry.file}, with the rows of ${entry.name}, is cut off.`);
  }
  if (openEnds)
    found.gaps.push(
      `Nothing tells whether large objects that are not compressed are whole: ${openEnds} of them.`,
    );
  for (const wrapping of unchecked)
    found.limits.push(
      wrapping === 'none'
        ? 'Files that are not compressed carry no check values: bytes changed inside can’t be seen.'
        : `Files compressed with ${wrapping} carry no check values: bytes changed inside can’t be seen.`,
    );
}

const endings: [ending: string, wrapping: Wrapping][] = [
  ['', 'none'],
  ['.gz', 'gzip'],
  ['.lz4', 'lz4'],
  ['.zst', 'zstd'],
];

async function readToc(bytes: ByteReader, found: Findings): Promise<ArchiveEntry[]> {
  const { head, archive } = await readHead(bytes);
  found.archive = head.version;
  const entries: ArchiveEntry[] = [];
  for await (const entry of archive.entries()) entries.push(entry);
  if (!(await bytes.isAtEnd())) throw new BrokenArchive('Something follows the table of contents.');
  return entries;
}

const isBlobs = ({ kind }: ArchiveEntry): boolean => kind === 'BLOBS';

/** The members that a list of large objects names; lists that end early are found by what the contents say of them. */
function blobsIn(
  list: string,
  { name, file }: ArchiveEntry,
  entries: readonly ArchiveEntry[],
  found: Findings,
): string[] {
  const lines = list.split('\n').filter(Boolean);
  const oids = new Set(lines.map((line) => line.split(' ')[0]));
  // Up to 16 each large object has an entry; from 17 on the list's own entry names the last one.
  const last = /^(?:\d+\.\.)?(\d+)$/.exec(name)?.[1];
  const isShort =
    !list.endsWith('\n') ||
    (last !== undefined
      ? !oids.has(last)
      : entries.some(({ kind, name: oid }) => kind === 'BLOB' && !oids.has(oid)));
  if (isShort) found.faults.push(`${file}, the list of large objects, is cut off.`);
  return lines.flatMap((line) => /^\d+ ([\w.]+)$/.exec(line)?.[1] ?? []);
}

function endsWell({ isCopy, kind }: ArchiveEntry, tail: string): boolean {
  if (kind !== 'TABLE DATA') return true;
  if (isCopy) return tail.endsWith(copyEnd);
  return tail.endsWith(insertEnd) || insertEnd.endsWith(tail);
}

/** A list of large objects is text of this size at most, bytes. */
const mostList = 256 * 1024 * 1024;

async function textAndTail(
  content: AsyncIterable<Buffer>,
  wantsText: boolean,
): Promise<{ text: string; tail: string }> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const seen = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (wantsText && bytes <= mostList) parts.push(chunk);
      yield chunk;
    }
  };
  const tail = await tailOf(seen());
  return { text: Buffer.concat(parts).toString('latin1'), tail };
}

/** The last bytes of a content that is read to its end. */
async function tailOf(content: AsyncIterable<Buffer>): Promise<string> {
  let tail = '';
  for await (const chunk of content)
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 8))).slice(-8);
  return tail;
}
