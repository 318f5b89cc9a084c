import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SchemaModel } from '../../preload/contract/schema-model.ts';
import type { Lists } from './assembly/lists.ts';
import { packNow } from './packed.ts';
import { type Header, partsOf } from './parts.ts';
import { type FileNotes, type TextPiece, TextProblem } from './text-tasks.ts';

/**
 * A snapshot as a file: one JSON document, an object of the database a line, so that version control shows what
 * changed. The first line says what it is.
 */
const kind = 'schema snapshot';
const version = 1;

/** No structure that was ever seen comes near. Bytes, on the disk and unpacked. */
const largestFile = 256 * 1024 * 1024;
const largestText = 400 * 1024 * 1024;

/** How many characters are gathered before a piece goes out. */
const pieceCharacters = 300_000;

/** Every list that a file of this version has. */
const listNames = [
  'schemas',
  'tables',
  'constraints',
  'indexes',
  'sequences',
  'types',
  'routines',
  'triggers',
  'policies',
  'extensions',
  'eventTriggers',
  'publications',
  'foreignServers',
  'dependencies',
] as const satisfies readonly (keyof Lists)[];
/** Those that a model may have beside them. */
const moreNames = ['others', 'defaultPrivileges'] as const satisfies readonly (keyof Lists)[];
const allNames = [...listNames, ...moreNames];

export function* writeSnapshotFile(model: SchemaModel, notes: FileNotes): Generator<TextPiece, void, void> {
  const day = new Date(notes.takenAt).toISOString().slice(0, 10);
  const base = notes.origin.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 80) || 'schema';
  const name = `${base}-${day}.schema.json`;
  const { at, server, database, user, unseen } = model;
  const head = JSON.stringify({ howdah: kind, version, ...notes });
  let text = `${head.slice(0, -1)},\n"model":${JSON.stringify({ at, server, database, user, unseen }).slice(0, -1)}`;
  for (const list of allNames) {
    const items = model[list];
    if (!items) continue;
    text += `,\n"${list}":[`;
    let separator = '\n';
    for (const one of items) {
      text += separator + JSON.stringify(one);
      separator = ',\n';
      if (text.length < pieceCharacters) continue;
      yield { kind: 'text', name, text, last: false };
      text = '';
    }
    text += ']';
  }
  yield { kind: 'text', name, text: `${text}}}\n`, last: true };
}

/**
 * Reads a snapshot's file, gzipped or not, and packs its model.
 *
 * @throws {TextProblem} when it is not one, of a newer version, damaged, or too large; the system's error otherwise
 */
export function readSnapshotFile(path: string): TextPiece {
  const text = readText(path);
  let file: Partial<FileNotes> & { howdah?: unknown; version?: unknown; model?: unknown };
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw isMarked(text) ? damaged(path, (error as Error).message) : notOne(path);
  }
  if (file === null || typeof file !== 'object' || file.howdah !== kind) throw notOne(path);
  if (file.version !== version)
    throw new TextProblem({
      cause: 'snapshot-file-newer',
      what: `${path} was written by another version of Howdah.`,
      why: `Its format is version ${JSON.stringify(file.version)}; this Howdah knows version ${version}.`,
      next: 'Use the newer Howdah, or write the file again with this one.',
    });
  const model = checkedModel(path, file.model);
  const { at, server, database, user, unseen, ...lists } = model;
  const header: Header = { at, server, database, user, unseen };
  const notes: FileNotes = {
    origin: typeof file.origin === 'string' ? file.origin : model.database,
    takenAt: typeof file.takenAt === 'number' ? file.takenAt : model.at,
    name: typeof file.name === 'string' ? file.name : null,
  };
  const known = Object.fromEntries(
    allNames.flatMap((name) => (lists[name] ? [[name, lists[name]]] : [])),
  ) as unknown as Lists;
  const parts = [...partsOf(header, known)].map(packNow);
  return { kind: 'file', packed: { parts, definitions: [] }, header, notes };
}

/** Whether a text, or the beginning of one, says of itself that it is a snapshot. */
export function isMarked(text: string): boolean {
  return /^\s*\{\s*"howdah"\s*:\s*"schema snapshot"/.test(text.slice(0, 300));
}

function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > largestFile) throw tooLarge(path, size);
    const bytes = readFileSync(file);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isPacked ? gunzipped(path, bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    closeSync(file);
  }
}

function gunzipped(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: largestText });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, largestText);
    throw damaged(path, (error as Error).message);
  }
}

type Form = 'text' | 'number' | 'list' | 'printed';

/** Fields that every object of a list has, where what reads a model would fail without them. */
const needed: Partial<Record<keyof Lists | 'columns', Readonly<Record<string, Form>>>> = {
  schemas: { oid: 'text', name: 'text' },
  tables: {
    ...{ oid: 'text', schema: 'text', name: 'text', kind: 'text' },
    ...{ columns: 'list', parents: 'list', options: 'list' },
  },
  columns: { name: 'text', number: 'number', type: 'text' },
  constraints: { oid: 'text', name: 'text', kind: 'text', columns: 'list', definition: 'printed' },
  indexes: { oid: 'text', name: 'text', table: 'text', columns: 'list', definition: 'printed' },
  sequences: { oid: 'text', schema: 'text', name: 'text' },
  types: { oid: 'text', schema: 'text', name: 'text', kind: 'text' },
  routines: { oid: 'text', schema: 'text', name: 'text', definition: 'printed' },
  triggers: { oid: 'text', table: 'text', name: 'text', definition: 'printed' },
  policies: { oid: 'text', table: 'text', name: 'text', roles: 'list' },
  extensions: { name: 'text', version: 'text' },
};

function hasForm(value: unknown, form: Form): boolean {
  if (form === 'list') return Array.isArray(value);
  if (form === 'printed') return typeof (value as { state?: unknown } | null | undefined)?.state === 'string';
  return typeof value === (form === 'text' ? 'string' : 'number');
}

function checkedList(path: string, name: keyof typeof needed | keyof Lists, list: readonly unknown[]): void {
  for (const one of list) {
    if (typeof one !== 'object' || one === null) throw damaged(path, `One of its "${name}" has no content.`);
    for (const [field, form] of Object.entries(needed[name] ?? {}))
      if (!hasForm((one as Record<string, unknown>)[field], form))
        throw damaged(path, `One of its "${name}" has no ${field}.`);
    if (name === 'tables') checkedList(path, 'columns', (one as { columns: unknown[] }).columns);
  }
}

const isOptional = (name: string): boolean => (moreNames as readonly string[]).includes(name);

function checkedModel(path: string, given: unknown): SchemaModel {
  const model = given as SchemaModel;
  if (typeof given !== 'object' || given === null) throw damaged(path, 'It holds no model.');
  if (typeof model.at !== 'number' || typeof model.database !== 'string' || typeof model.user !== 'string')
    throw damaged(path, 'Its model does not say what it is of.');
  if (typeof model.server?.version !== 'string' || typeof model.server.versionNumber !== 'number')
    throw damaged(path, 'Its model does not say which server it was read from.');
  if (!Array.isArray(model.unseen)) throw damaged(path, 'Its model has no list "unseen".');
  for (const name of allNames) {
    const list: unknown = model[name];
    if (list === undefined && isOptional(name)) continue;
    if (!Array.isArray(list)) throw damaged(path, `Its model has no list "${name}".`);
    checkedList(path, name, list);
  }
  return model;
}

const damaged = (path: string, why: string): TextProblem =>
  new TextProblem({
    cause: 'snapshot-file-damaged',
    what: `${path} is a snapshot of a structure, but not a whole one.`,
    why: `${/unexpected end|unterminated/i.test(why) ? 'It ends too early' : 'It can’t be read'}: ${why}`,
    next: 'Get the file again, or write it anew with “schema snapshot”.',
  });

const notOne = (path: string): TextProblem =>
  new TextProblem({
    cause: 'not-a-snapshot-file',
    what: `${path} is no snapshot of a structure.`,
    why: 'A snapshot’s file begins with {"howdah":"schema snapshot".',
    next: 'Name a file that Howdah wrote, an SQL file, or a folder of SQL files.',
  });

const tooLarge = (path: string, bytes: number): TextProblem =>
  new TextProblem({
    cause: 'snapshot-file-too-large',
    what: `${path} is too large.`,
    why: `It has ${Math.round(bytes / 1048576)} MiB or more; snapshots are read up to ${largestFile / 1048576} MiB, ${largestText / 1048576} MiB unpacked.`,
    next: 'Check that it is the right file.',
  });
