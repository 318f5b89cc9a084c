import { lstat, open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ORPCError } from '@orpc/server';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import type { SchemaSource } from '../../preload/contract/schema.ts';
import type { ComparedSide } from '../../preload/contract/schema-diff.ts';
import { fail } from '../lib/fail.ts';
import type { KnownModel } from './known-models.ts';
import { type PackedModel, pack, unpack } from './packed.ts';
import type { Header } from './parts.ts';
import type { Snapshots } from './snapshots.ts';
import { type OnStep, type Readings, readOnce } from './sources-readings.ts';
import type { SqlSource } from './sql-source.ts';
import { isMarked } from './text-file.ts';
import { type FileNotes, TextProblem } from './text-tasks.ts';
import { type SharedModel, sharedModel, type TextThreads } from './text-threads.ts';

/** Runs an SQL file or a folder of them into a database of their own. */
export type OpenSqlSource = (
  path: string,
  options: { signal: AbortSignal | undefined; onStep: OnStep },
) => Promise<SqlSource>;

export interface SourcesNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  readings: Readings;
  snapshots: Snapshots;
  threads: TextThreads;
  openSqlSource: OpenSqlSource;
  worker?: string | undefined;
}

/** A structure from wherever it came. */
export interface OpenedSource {
  model: SharedModel;
  side: ComparedSide;
  notes: FileNotes;
}

export interface OpenOptions {
  /** The field of the input that names the source, for errors. */
  field: string;
  signal?: AbortSignal | undefined;
  onStep: OnStep;
}

export interface Sources {
  /**
   * @throws NOT_CONNECTED, ENVIRONMENT_UNKNOWN, INVALID (no such snapshot; a file that can't be taken), the server's error
   */
  open(source: SchemaSource, options: OpenOptions): Promise<OpenedSource>;
}

export function openSources(needs: SourcesNeeds): Sources {
  return {
    open: async (source, options) => {
      switch (source.kind) {
        case 'environment':
          return await fromEnvironment(needs, needs.findEnvironment(source.environment), options);
        case 'snapshot':
          return await fromSnapshot(needs, source.id, options);
        case 'path':
          return await fromPath(needs, source.path, options);
      }
    },
  };
}

async function fromEnvironment(
  { readings }: SourcesNeeds,
  environment: Environment,
  { signal, onStep }: OpenOptions,
): Promise<OpenedSource> {
  const model = await readings.model(environment, { onStep, signal });
  const notes = { origin: environment.name, takenAt: model.seenAt, name: null };
  const side = sideOf(environment.name, model.header, model.seenAt);
  return { model: sharedModel(model), side, notes };
}

async function fromSnapshot(
  { snapshots }: SourcesNeeds,
  id: number,
  { field, onStep }: OpenOptions,
): Promise<OpenedSource> {
  const info = snapshots.find(id);
  if (!info) throw noSuchSnapshot(id, field);
  onStep('Opening the snapshot', 0, 1);
  const packed = snapshots.packed(id);
  const [first] = packed.parts;
  if (!first) throw new Error(`Snapshot ${id} is empty.`);
  const header = await unpack<Header>(first);
  const { origin, name, takenAt } = info;
  const when = `${new Date(takenAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const label = name === null ? `${origin}, snapshot of ${when}` : `${origin}, “${name}” of ${when}`;
  return {
    // Ids are never given twice, and a snapshot never changes.
    model: { id: `snapshot ${id}`, packed: async () => packed },
    side: sideOf(label, { ...header, server: { ...header.server, version: info.serverVersion } }, takenAt),
    notes: { origin, takenAt, name },
  };
}

async function fromPath(needs: SourcesNeeds, given: string, options: OpenOptions): Promise<OpenedSource> {
  const { field, signal, onStep } = options;
  // As shells have it: a path that is typed into a field, or quoted, comes as it is.
  const path = given.replace(/^~(?=$|[\\/])/, homedir);
  if (!(await looksLikeSnapshot(path, field))) return await fromSql(needs, path, options);
  onStep('Reading the snapshot’s file', 0, 1);
  try {
    const { packed, header, notes } = await needs.threads.ask({ kind: 'read-file', path }, 'file', signal);
    files += 1;
    const model = { id: `file ${files}`, packed: async () => packed };
    return { model, side: sideOf(path, header, notes.takenAt), notes };
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof TextProblem ? fail('INVALID', { ...error.explanation, field }) : error;
  }
}

let files = 0;

async function fromSql(
  { openSqlSource, worker }: SourcesNeeds,
  path: string,
  { field, signal, onStep }: OpenOptions,
): Promise<OpenedSource> {
  const source = await openSqlSource(path, { signal, onStep }).catch((error: unknown) => {
    throw named(error, field);
  });
  let model: KnownModel;
  try {
    model = await readOnce(
      { openSession: source.openSession, stop: source.stop, worker },
      { onStep, signal },
    );
  } finally {
    await source.close();
  }
  // What only superusers may read is of servers that others use; SQL can't have made any of it here.
  const about = { ...model.header, database: basename(path), unseen: source.leftOut };
  return {
    model: { id: model.id, packed: async () => headed(await model.packed(), about) },
    side: sideOf(path, about, model.seenAt),
    notes: { origin: path, takenAt: model.seenAt, name: null },
  };
}

/** A model with something else said about the whole of it, which is in its first part. */
async function headed(
  { parts: [first, ...rest], definitions }: PackedModel,
  about: Header,
): Promise<PackedModel> {
  if (!first) throw new Error('A packed model has no first part.');
  const part = { ...(await unpack<object>(first)), ...about };
  return { parts: [await pack(Buffer.from(JSON.stringify(part))), ...rest], definitions };
}

/** The same error, naming the field of this input. */
function named(error: unknown, field: string): unknown {
  if (!(error instanceof ORPCError) || error.code !== 'INVALID') return error;
  return fail('INVALID', { ...(error.data as Explanation), field });
}

const sideOf = (label: string, { database, server, unseen }: Header, at: number): ComparedSide => ({
  label,
  database,
  serverVersion: server.version,
  at,
  unseen,
});

/** By its content: a snapshot, gzipped or not, or other JSON, which is no SQL either. */
async function looksLikeSnapshot(path: string, field: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return false;
    if (!found.isFile()) throw notAFile(path, field);
    const head = await headOf(path);
    const text = head[0] === 0x1f && head[1] === 0x8b ? await gunzippedHead(head) : head.toString('utf8');
    // What was gzipped is taken for a snapshot: SQL files are run as they are.
    return text === undefined || isMarked(text.replace(/^\uFEFF/, '')) || /^\s*[{[]/.test(text);
  } catch (error) {
    const problem = systemProblem(error, path, field);
    if (problem && (await lstat(path).catch(() => undefined))?.isSymbolicLink())
      problem.data.why = `It is a link that leads nowhere it could be read. ${problem.data.why}`;
    throw problem ?? error;
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** As far as the first bytes tell it; undefined when they can't be unpacked. */
function gunzippedHead(head: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const gunzip = createGunzip();
    let text = '';
    gunzip.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
      if (text.length > 300) resolve(text);
    });
    gunzip.on('error', () => resolve(text || undefined));
    gunzip.on('end', () => resolve(text));
    gunzip.write(head, () => gunzip.flush(() => resolve(text || undefined)));
  });
}

export function noSuchSnapshot(id: number, field: string): Error {
  return fail('INVALID', {
    field,
    cause: 'snapshot-unknown',
    what: `There is no snapshot ${id}.`,
    why: 'It was removed, or was let go by itself as an old one.',
    next: 'Choose one of those that are listed.',
  });
}

function notAFile(path: string, field: string): Error {
  return fail('INVALID', {
    field,
    cause: 'not-a-file',
    what: `${path} is neither a file nor a folder.`,
    why: 'A device, a pipe or a socket can’t be read as a structure.',
    next: 'Name a snapshot’s file, an SQL file, or a folder of SQL files.',
  });
}

function systemProblem(error: unknown, path: string, field: string) {
  const { code } = error as { code?: unknown };
  const whys: Record<string, Pick<Explanation, 'cause' | 'why' | 'next'>> = {
    ENOENT: {
      cause: 'file-missing',
      why: 'There is nothing of that name on the machine that the console runs on.',
      next: 'Check the path; a relative one counts from where the console was started.',
    },
    ENOTDIR: {
      cause: 'file-missing',
      why: 'A part of the path is a file, not a folder.',
      next: 'Check the path.',
    },
    EACCES: {
      cause: 'file-forbidden',
      why: 'The account that the console runs under may not read it.',
      next: 'Allow it to be read, or name another file.',
    },
    EPERM: {
      cause: 'file-forbidden',
      why: 'The system does not let the console read it.',
      next: 'Allow it to be read, or name another file.',
    },
  };
  const known = typeof code === 'string' ? whys[code] : undefined;
  if (!known) return undefined;
  const explanation = { field, what: `${path} can’t be read.`, ...known };
  const problem = fail('INVALID', explanation);
  return Object.assign(problem, { data: explanation });
}
