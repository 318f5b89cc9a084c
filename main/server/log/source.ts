import { open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { LogFile } from '../../../preload/contract/server-log.ts';
import { fail } from '../../lib/fail.ts';
import type { ServerPool } from '../../servers/index.ts';
import currentSql from './current.sql?raw';
import filesSql from './files.sql?raw';
import { formatOf } from './parse-log.ts';
import readSql from './read.sql?raw';

/** A log file that can be read by parts. */
export interface LogSource {
  name: string;
  bytes: number;
  read(offset: number, length: number): Promise<Buffer>;
}

interface FileRow extends Record<string, unknown> {
  name: string;
  bytes: string;
  changed_at: number;
}

/** The server's log files; those written to now come first, the newest of the others next. */
export async function listFiles(pool: ServerPool, mayAsk: boolean): Promise<LogFile[]> {
  const rows = await pool.query<FileRow>(filesSql);
  const names = mayAsk ? await currentFiles(pool) : newestOfEach(rows);
  return rows
    .map(({ name, bytes, changed_at: changedAt }) => ({
      name,
      bytes: Number(bytes),
      changedAt,
      format: formatOf(name),
      current: names.has(name),
    }))
    .sort(
      (a, b) =>
        Number(b.current) - Number(a.current) || (a.current ? richness[b.format] - richness[a.format] : 0),
    );
}

/** As the server says it. */
async function currentFiles(pool: ServerPool): Promise<ReadonlySet<string>> {
  const rows = await pool.query<{ path: string | null }>(currentSql);
  return new Set(rows.flatMap(({ path }) => path?.split(/[\\/]/).at(-1) ?? []));
}

/** For members of pg_monitor, who may list the files but mostly not ask which are written to: of each format the newest. */
function newestOfEach(rows: readonly FileRow[]): ReadonlySet<string> {
  const byFormat = Map.groupBy(rows, ({ name }) => formatOf(name));
  return new Set([...byFormat.values()].flatMap(([newest]) => newest?.name ?? []));
}

/** Which of several files that are written to now tells most. */
const richness = { stderr: 0, csvlog: 1, jsonlog: 2 };

/** A file of the server's log folder. */
export function serverSource(pool: ServerPool, directory: string, file: LogFile): LogSource {
  const path = `${directory.replace(/[\\/]+$/, '')}/${file.name}`;
  return {
    name: file.name,
    bytes: file.bytes,
    read: async (offset, length) => {
      const [row] = await pool.query<{ bytes: string }>(readSql, [path, offset, length]);
      return Buffer.from(row?.bytes ?? '', 'base64');
    },
  };
}

/** A file of this machine. @throws INVALID when it can't be read */
export async function localSource(path: string): Promise<LogSource> {
  const refuse = (why: string) =>
    fail('INVALID', {
      cause: 'log-file',
      field: 'path',
      what: `${path} can’t be read as a log file.`,
      why,
      next: 'Give the absolute path of a log file that this account may read.',
    });
  if (!isAbsolute(path)) throw refuse('It is not an absolute path.');
  const about = await stat(path).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : String(error));
  });
  if (!about.isFile()) throw refuse('It is not a file.');
  return {
    name: path,
    bytes: about.size,
    read: async (offset, length) => {
      const handle = await open(path).catch((error: unknown) => {
        throw refuse(error instanceof Error ? error.message : String(error));
      });
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
