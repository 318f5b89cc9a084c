import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupProgress, Verification } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { WayProblem } from '../../lib/way-problem.ts';
import { ConnectFailure, diagnose, serverWords } from '../../servers/index.ts';
import { type BucketPlace, holdBucketPlace } from '../buckets/hold.ts';
import type { RemoteUpload } from '../buckets/spec.ts';
import { backupOfManifest, type Manifest, type ManifestFile } from '../files/index.ts';
import { openProgramWay } from '../programs/index.ts';
import type { ProgramWay } from '../types.ts';
import type { Key, Lock } from './age.ts';
import { chosenTables, tablesWithRows } from './contents.ts';
import { countRows } from './count-rows.ts';
import { cutShort, hasEnd, runDump } from './dump.ts';
import { type Events, openEvents } from './events.ts';
import { BackupFailure, diskProblem } from './failure.ts';
import type { FileDone } from './file-tasks.ts';
import { holdPlace, newRun, type Place } from './place.ts';
import { type Prepared, prepare } from './prepare.ts';
import { readBack } from './read-back.ts';
import { readBackRemote } from './read-back-remote.ts';
import { digestFiles, sealFolder } from './seal-folder.ts';
import type { BackupTask, CreateNeeds } from './task.ts';
import { writeManifest } from './write-manifest.ts';

/**
 * Makes a backup and tells how it goes; the last event is `finished` or `failed`. It is written aside, flushed, hashed,
 * read back, and gets its name at the very end: whatever ends this, nothing that is not one is called a backup. Whoever
 * stops listening cancels it, as the task's signal does.
 */
export async function* createBackup(
  task: BackupTask,
  needs: CreateNeeds,
): AsyncGenerator<BackupProgress, void, void> {
  const run = newRun();
  const events = openEvents();
  const left = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, left.signal]) : left.signal;
  yield { kind: 'begun', run };
  const work = make({ task, needs, run, events, signal }).then((last) => events.end(last));
  try {
    yield* events;
  } finally {
    left.abort(new Error('Nobody waits for the backup any more.'));
    await work;
  }
}

interface Making {
  task: BackupTask;
  needs: CreateNeeds;
  run: string;
  events: Events;
  signal: AbortSignal;
}

async function make(making: Making): Promise<BackupProgress> {
  const { task, run, events, signal } = making;
  const began = performance.now();
  let prepared: Prepared | undefined;
  let place: Place | undefined;
  let way: ProgramWay | undefined;
  try {
    signal.throwIfAborted();
    events.phase('Looking at the server');
    prepared = await prepare({ ...task, signal }, { share: true });
    for (const warning of prepared.warnings) events.log(warning);
    const { lock, key, recipient } = await keysFor(making);
    const isFolder = prepared.recipe.format === 'directory';
    const remote = await holdRemote(making, prepared, isFolder);
    place = remote ?? (await holdPlace(task.path, run, isFolder ? 'folder' : 'file'));
    const stream = remote?.stream ?? null;
    way = await openProgramWay(task.reached);
    events.phase(`Dumping with ${prepared.recipe.program} ${task.programs.about.version}`);
    const written = await runDump({
      task,
      prepared,
      place,
      stream,
      way,
      events,
      signal,
      lock: isFolder ? null : lock,
    });
    const durationMs = performance.now() - began;
    const rows = await counted(making, prepared);
    if (remote && written) await remote.complete(written.parts ?? []);
    const proven = await prove(making, { prepared, place, stream, written, lock, key });
    signal.throwIfAborted();
    const manifest = await writeManifest(task, prepared, place, { ...proven, rows, durationMs, recipient });
    signal.throwIfAborted();
    await place.publish();
    return { kind: 'finished', backup: backupOfManifest(place.path, manifest, proven.verification) };
  } catch (error) {
    const isCancelled = signal.aborted;
    await way?.close();
    way = undefined;
    const leftOver = await place?.clear();
    return {
      kind: 'failed',
      problem: isCancelled ? cancelled : await explain(error, task),
      state: leftOver
        ? `What was written could not be removed: ${leftOver}. It is no backup; remove it by hand.`
        : 'Nothing was left behind.',
      cancelled: isCancelled,
    };
  } finally {
    await way?.close();
    await prepared?.moment.close();
    // Of one that has its name nothing is left to be cleared.
    await place?.clear();
  }
}

/** Holds the place in a bucket, where it is one. */
async function holdRemote(
  { task, run, events, signal }: Making,
  { moment }: Prepared,
  isFolder: boolean,
): Promise<BucketPlace | undefined> {
  if (!task.bucket) return undefined;
  return await holdBucketPlace(task.bucket.buckets, task.bucket.target, {
    run,
    kind: isFolder ? 'folder' : 'file',
    guessedBytes: moment.look.databaseBytes,
    signal,
    onPhase: (said) => events.phase(said),
    onLog: (line) => events.log(line),
  });
}

interface Keys {
  lock: Lock | null;
  key: Key | null;
  recipient: string | null;
}

async function keysFor({ task, needs }: Making): Promise<Keys> {
  const { encryption } = task.options;
  if (encryption.kind === 'none') return { lock: null, key: null, recipient: null };
  if (encryption.kind === 'passphrase') {
    const { passphrase } = encryption;
    return { lock: { passphrase }, key: { passphrase }, recipient: null };
  }
  const { recipient, identity } = await needs.key();
  return { lock: { recipient }, key: { identity }, recipient };
}

async function counted({ task, events, signal }: Making, { moment }: Prepared): Promise<Manifest['rows']> {
  const { contents, counted: how } = task.options;
  if (how === 'none' || contents.what === 'globals') return null;
  events.phase(how === 'rows' ? 'Counting rows' : 'Taking checksums of the rows');
  const tables = tablesWithRows(chosenTables(moment.look, contents), contents);
  return await countRows(moment, tables, {
    withChecksums: how === 'checksums',
    signal,
    onTable: (object, done) =>
      events.progress({ object, done, total: tables.length, bytes: 0, bytesTotal: null, remainingMs: null }),
  });
}

interface Unproven {
  prepared: Prepared;
  place: Place;
  /** Where it was streamed to in place of a file. */
  stream: RemoteUpload | null;
  written: FileDone | null;
  lock: Lock | null;
  key: Key | null;
}

interface Proven {
  files: ManifestFile[];
  objects: number | null;
  verification: Verification;
}

/** Encrypts what lies there in the clear, hashes and reads back all of it. @throws BackupFailure when it is no good */
async function prove(
  making: Making,
  { prepared, place, stream, written, lock, key }: Unproven,
): Promise<Proven> {
  const { task, needs, events, signal } = making;
  const { recipe } = prepared;
  const isFolder = recipe.format === 'directory';
  let bytes = 0;
  const onBytes = (more: number): void => {
    bytes += more;
    events.progress({ object: null, done: 0, total: null, bytes, bytesTotal: null, remainingMs: null });
  };
  const begin = (said: string): void => {
    bytes = 0;
    events.phase(said);
  };
  const { partial } = place;
  if (written && stream) {
    begin('Reading it back from the bucket');
    const read = await readBackRemote(
      { from: stream, path: place.path, key, written, recipe, programs: task.programs },
      { signal, onBytes },
    );
    return { files: [{ name: '', ...written.file }], ...readable(read, place) };
  }
  if (written && key) {
    begin('Reading back what was encrypted');
    const read = await readBack(
      partial,
      { key, written, recipe, programs: task.programs },
      { signal, onBytes },
    );
    return { files: [{ name: '', ...written.file }], ...readable(read, place) };
  }
  if (!written && recipe.endMark !== null && !hasEnd(await tailOf(partial), recipe.endMark))
    throw new BackupFailure(cutShort(recipe.program));
  const names = isFolder ? (await readdir(partial)).sort() : [''];
  let files: ManifestFile[] = [];
  if (written) files = [{ name: '', ...written.file }];
  else if (!lock) {
    begin('Writing checksums');
    const digests = await digestFiles(
      names.map((name) => join(partial, name)),
      { signal, onBytes },
    );
    files = names.map((name) => ({ name, ...must(digests.get(join(partial, name))) }));
  }
  begin('Reading it back');
  // It tells how far it is, not what has come since.
  const onRead = (now: number): void => {
    bytes = 0;
    onBytes(now);
  };
  const verification = await needs.verifyReadable(partial, {
    signal,
    onBytes: onRead,
    onPhase: (said) => events.phase(said),
  });
  const objects = await needs.countObjects(partial, signal);
  if (lock && key) {
    readable({ verification, objects }, place);
    begin('Encrypting');
    const sealed = await sealFolder(partial, lock, key, { signal, onBytes });
    files = sealed.map(({ name, file }) => ({ name, ...file }));
    verification.said.push('It was encrypted after that, and what was encrypted was read back.');
  }
  return { files, ...readable({ verification, objects }, place) };
}

function readable<T extends { verification: Verification }>(proven: T, { path }: Place): T {
  const { state, said } = proven.verification;
  if (state !== 'bad') return proven;
  throw new BackupFailure({
    cause: 'backup-unreadable',
    what: `What was written for ${path} can't be read back.`,
    why: said.join(' ') || 'It is damaged.',
    next: 'Look after the disk, or choose another place; then start the backup again.',
  });
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 4096);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('latin1');
  } finally {
    await file.close();
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A file of the backup has vanished.');
  return value;
}

const cancelled: Explanation = {
  cause: 'cancelled',
  what: 'The backup was cancelled.',
  why: 'Somebody asked for it.',
  next: 'Start it again when you like.',
};

async function explain(error: unknown, { reached, path }: BackupTask): Promise<Explanation> {
  if (error instanceof BackupFailure) return error.problem;
  const disk = diskProblem(error, path);
  if (disk) return disk;
  if (error instanceof ConnectFailure || error instanceof WayProblem)
    return (await diagnose(error, reached.address)).problem;
  const server = serverWords(error);
  return {
    cause: 'unexpected',
    what: 'The backup was not made.',
    why: error instanceof Error ? error.message : String(error),
    next: 'Look at the server and the place; then start the backup again.',
    ...(server ? { server } : {}),
  };
}
