import { basename } from 'node:path';
import type { Unseen } from '../../preload/contract/schema-model.ts';
import { type OpenScratchOptions, prepareExtensions, type Scratch } from '../scratch/index.ts';
import { endSoon } from '../servers/index.ts';
import type { ReadSession } from './read-schema.ts';
import { fileProblem, pathProblem } from './sql-problems.ts';
import { type SqlRead, type SqlReader, startSqlReader } from './sql-reader.ts';
import { SqlRun } from './sql-run.ts';

export interface SqlSourceNeeds {
  openScratch(options: OpenScratchOptions): Promise<Scratch>;
  /** Entry of the thread that reads; found by itself unless given. */
  worker?: string | undefined;
}

export interface SqlSourceOptions {
  signal?: AbortSignal | undefined;
  onStep?: ((step: string, done: number, total: number) => void) | undefined;
}

/** Sessions of a scratch database, for `readSchema`. */
export interface ScratchSessions {
  openSession(signal: AbortSignal | undefined): Promise<ReadSession>;
  stop(pid: number): Promise<void>;
}

export const scratchSessions = (scratch: Pick<Scratch, 'connect' | 'stop'>): ScratchSessions => ({
  openSession: async (until) => {
    until?.throwIfAborted();
    const client = await scratch.connect({ options: '-c statement_timeout=15000 -c lock_timeout=500' });
    return { client, pooled: false };
  },
  stop: scratch.stop,
});

/** A scratch database that SQL has been run into. */
export interface SqlSource extends ScratchSessions {
  /** Statements that were not run, and why. */
  leftOut: Unseen[];
  /** For a person: the file or folder. */
  label: string;
  /** Drops the database. */
  close(): Promise<void>;
}

/**
 * Runs an SQL file, or a folder's files in their tool's order, into a scratch database of the sample server. All files
 * are read before anything is run. When it throws or is cancelled the database is gone.
 *
 * @throws INVALID where the path or a statement is wrong; what starting the sample server throws; the signal's reason
 */
export async function withScratchOf(
  needs: SqlSourceNeeds,
  path: string,
  { signal, onStep }: SqlSourceOptions = {},
): Promise<SqlSource> {
  signal?.throwIfAborted();
  const reader = startSqlReader(path, signal, needs.worker);
  try {
    const read = await readAll(reader, path, onStep);
    const tell = (step: string): void => onStep?.(step, 0, read.files.length);
    const scratch = await needs.openScratch({ signal, onStep: tell });
    try {
      const leftOut = await runAll(scratch, reader, read, { signal, onStep });
      return {
        ...scratchSessions(scratch),
        leftOut,
        label: path,
        close: scratch.close,
      };
    } catch (error) {
      await scratch.close();
      signal?.throwIfAborted();
      throw error;
    }
  } finally {
    reader.close();
  }
}

async function readAll(
  reader: SqlReader,
  path: string,
  onStep: SqlSourceOptions['onStep'],
): Promise<SqlRead> {
  const read = await reader.read((file, done, total) => onStep?.(`Reading ${file}`, done, total));
  if (read.kind === 'read') return read;
  if (read.file === undefined || read.line === undefined) throw pathProblem(path, read.why);
  throw fileProblem(read.file, read.line, read.why, read.more);
}

async function runAll(
  scratch: Scratch,
  reader: SqlReader,
  { files, ignored, extensions }: SqlRead,
  { signal, onStep }: SqlSourceOptions,
): Promise<Unseen[]> {
  const prepared = await prepareExtensions(scratch, extensions);
  const client = await scratch.connect({ applicationName: 'howdah scratch' });
  // Closing ends what runs on the server too: dropping the database ends its sessions.
  const onAbort = (): void => void scratch.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    const run = new SqlRun(scratch, client, prepared);
    for (const [index, file] of files.entries()) {
      onStep?.(`Running ${basename(file.name)}`, index, files.length);
      await run.beginFile(file.name, file.inTransaction);
      for (let last = false; !last; ) {
        const batch = await reader.next();
        for (const step of batch.steps) await run.step(step);
        last = batch.last;
      }
      await run.endFile(file.rows);
    }
    const leftOut = await run.finish();
    onStep?.('All is run', files.length, files.length);
    return [...leftOut, ...ignored.map(({ path, why }) => ({ what: path, why }))];
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await endSoon(client);
  }
}
