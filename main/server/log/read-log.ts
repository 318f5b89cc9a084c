import type { z } from 'zod';
import type { Log, LogAsked, LogFile } from '../../../preload/contract/server-log.ts';
import { fail } from '../../lib/fail.ts';
import type { ServerPool } from '../../servers/index.ts';
import aboutSql from './about.sql?raw';
import { entryOf } from './entry.ts';
import { type About, whyNot } from './limits.ts';
import { formatOf, type Piece, parseLog } from './parse-log.ts';
import { type LogSource, listFiles, localSource, serverSource } from './source.ts';

/** How much is read at first, and of older or newer parts, bytes. */
const firstBytes = 64 * 1024;
const laterBytes = 256 * 1024;

type Asked = z.infer<typeof LogAsked>;

/** The part of a log that was asked for. Nothing is read beyond it: at most 256 kB a call. */
export async function readLog(pool: ServerPool | undefined, asked: Asked): Promise<Log> {
  const [about] = pool ? await pool.query<About>(aboutSql) : [];
  if (asked.path !== undefined) return ofSource(await localSource(asked.path), asked, about, []);
  if (!pool || !about) throw new Error('A server’s log needs a connection.');
  const problem = whyNot(about);
  if (problem) return { ...nothing(about), limits: [problem] };
  const files = await listFiles(pool, about.may_ask);
  const current = files.find((file) => file.current) ?? files[0];
  const chosen = asked.file === undefined ? current : files.find(({ name }) => name === asked.file);
  if (!chosen) {
    if (asked.file === undefined) return nothing(about);
    throw fail('INVALID', {
      cause: 'log-file',
      field: 'file',
      what: `There is no log file ${asked.file}.`,
      why: 'It may have been removed since the list was drawn.',
      next: 'Choose another one.',
    });
  }
  const log = await ofSource(serverSource(pool, about.directory ?? 'log', chosen), asked, about, files);
  // A file of another format may be written to at the same time: that is no rotation.
  const successor = files.find((file) => file.current && file.format === chosen.format);
  return { ...log, rotatedTo: !chosen.current && successor ? successor.name : null };
}

async function ofSource(
  source: LogSource,
  asked: Asked,
  about: About | undefined,
  files: LogFile[],
): Promise<Log> {
  const [from, to] = span(asked, source.bytes);
  const bytes = to > from ? await source.read(from, to - from) : Buffer.alloc(0);
  const format = formatOf(source.name, bytes.subarray(0, 2000).toString('latin1'));
  const piece: Piece = parseLog(bytes, {
    format,
    prefix: about?.prefix ?? null,
    offset: from,
    zoneMinutes: about?.zone_minutes ?? 0,
    isCut: from > 0 && asked.after === undefined,
  });
  return {
    files,
    file: source.name,
    format,
    from: piece.from,
    to: piece.to,
    bytes: source.bytes,
    entries: piece.entries.map(entryOf),
    unread: Math.max(0, piece.unread),
    rotatedTo: null,
    slowFrom: about?.slow_from ?? null,
    limits: [],
  };
}

/** Which bytes to read. A file that is shorter than what was read of it was written anew: it is read from its start. */
function span({ before, after }: Asked, bytes: number): [from: number, to: number] {
  if (after !== undefined) {
    const from = after > bytes ? 0 : after;
    return [from, Math.min(bytes, from + laterBytes)];
  }
  if (before !== undefined)
    return [Math.max(0, Math.min(before, bytes) - laterBytes), Math.min(before, bytes)];
  return [Math.max(0, bytes - firstBytes), bytes];
}

function nothing(about: About): Log {
  return {
    files: [],
    file: null,
    format: null,
    from: 0,
    to: 0,
    bytes: 0,
    entries: [],
    unread: 0,
    rotatedTo: null,
    slowFrom: about.slow_from,
    limits: [],
  };
}
