import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Explanation } from '../../../preload/contract/common.ts';
import { BackupFailure } from '../create/failure.ts';
import { runFileTask } from '../create/file-thread.ts';
import { holdPlace, type Place } from '../create/place.ts';
import { Manifest, manifestPath } from '../files/index.ts';
import { endAbandoned } from './abandoned.ts';
import { localName } from './address.ts';
import type { BucketClient } from './client.ts';
import type { Buckets } from './open-buckets.ts';
import { firstPart, leastPart, type RemoteUpload, type UploadedPart } from './spec.ts';
import type { BucketTarget } from './target.ts';

/** A place in a bucket, held for one run. What is written aside is a folder to be uploaded, and the manifest. */
export interface BucketPlace extends Place {
  /** Where a dump is streamed to; null: it is a folder, which goes there as it is published. */
  stream: RemoteUpload | null;
  /** Makes an object of what was streamed. */
  complete(parts: readonly UploadedPart[]): Promise<void>;
}

interface Holding {
  run: string;
  kind: 'file' | 'folder';
  /** Bytes that may come; null: nobody knows. */
  guessedBytes: number | null;
  signal: AbortSignal;
  onPhase: (said: string) => void;
  onLog: (line: string) => void;
}

/** Looks whether something can be put there. @throws BackupFailure */
export async function checkBucketPlace(
  client: BucketClient,
  { key, path }: BucketTarget,
  signal?: AbortSignal,
): Promise<void> {
  const folder = key.includes('/') ? key.slice(0, key.lastIndexOf('/') + 1) : '';
  const looks = [key, manifestPath(key), `${folder}toc.dat`, `${folder}toc.dat.age`];
  const [object, manifest, ...around] = await Promise.all(looks.map((one) => client.head(one, signal)));
  if (around.some(Boolean))
    throw new BackupFailure({
      cause: 'inside-backup',
      what: `${path} is inside of another backup.`,
      why: 'One backup within another would change it.',
      next: 'Choose another key.',
    });
  const below = await client.list(`${key}/`, signal).next();
  if (object || manifest || !below.done) throw new BackupFailure(exists(path));
}

/**
 * Holds a key in a bucket for a run. What dead runs of this machine have left in the bucket is cleared, and uploads that
 * died elsewhere; where a living run works on the same key this one is refused.
 *
 * @throws BackupFailure; the signal's reason
 */
export async function holdBucketPlace(
  buckets: Buckets,
  target: BucketTarget,
  { run, kind, guessedBytes, signal, onPhase, onLog }: Holding,
): Promise<BucketPlace> {
  const { place: saved, key, path, writes } = target;
  const client = await buckets.client(saved);
  await writes.clearDead(saved.id, client);
  for (const said of await endAbandoned(client, target, signal)) onLog(said);
  await checkBucketPlace(client, target, signal);
  await mkdir(target.aside, { recursive: true, mode: 0o700 });
  const local = await holdPlace(join(target.aside, `${localName(key)}-${run.slice(-8)}`), run, kind);
  const to = (name: string, upload: string | null, partBytes: number): RemoteUpload => ({
    spec: saved.spec,
    key: name === '' ? key : `${key}/${name}`,
    upload,
    run,
    partBytes,
  });
  /** Opens an upload that is noted before anything of it is sent. */
  const begin = async (name: string, bytes: number): Promise<RemoteUpload> => {
    const about = to(name, null, firstPart(bytes));
    writes.note(saved.id, run, [{ backup: key, key: about.key, upload: '' }]);
    const upload = await client.begin(about.key, run, signal);
    writes.opened(run, about.key, upload);
    return { ...about, upload };
  };
  const complete = async (at: RemoteUpload, parts: readonly UploadedPart[]): Promise<void> => {
    // Not every server keeps an upload from taking another object's place.
    if (await client.head(at.key, signal)) throw new BackupFailure(exists(path));
    await client.complete(at.key, at.upload ?? '', parts, signal);
  };
  let isPublished = false;
  const place: BucketPlace = {
    ...local,
    path,
    stream: null,
    complete: async (parts) => {
      if (place.stream) await complete(place.stream, parts);
    },
    publish: async () => {
      const text = await readFile(local.partialManifest);
      const { files } = Manifest.parse(JSON.parse(text.toString('utf8')));
      if (kind === 'folder') {
        onPhase('Uploading');
        await uploadFolder({ local: local.partial, to, begin, complete, key, signal }, (all) =>
          writes.note(saved.id, run, all),
        );
        onPhase('Reading back what was uploaded');
        await compareFolder(target, files, signal);
      }
      if (await client.head(manifestPath(key), signal)) throw new BackupFailure(exists(path));
      writes.note(saved.id, run, [{ backup: key, key: manifestPath(key), upload: null }]);
      signal.throwIfAborted();
      // From here on it is a backup: not stopped any more, and not cleared.
      await client.put(manifestPath(key), text, run);
      isPublished = true;
      writes.done(run);
    },
    clear: async () => {
      const left = isPublished ? [] : await clearWrites(target, client, run);
      const aside = await local.clear();
      const all = [...left, ...(aside === null ? [] : [aside])];
      return all.length === 0 ? null : all.join(' and ');
    },
  };
  try {
    if (writes.isHeld(saved.id, key, run)) throw new BackupFailure(rival(path));
    if (kind === 'file') place.stream = await begin('', guessedBytes ?? 0);
    else writes.note(saved.id, run, [{ backup: key, key: `${key}/`, upload: null }]);
  } catch (error) {
    await place.clear();
    throw error;
  }
  return place;
}

async function clearWrites({ writes, path, key }: BucketTarget, client: BucketClient, run: string) {
  const left = await writes.clear(run, client);
  return left.map((one) => path + one.slice(key.length));
}

interface FolderUpload {
  /** Absolute. */
  local: string;
  key: string;
  to(name: string, upload: string | null, partBytes: number): RemoteUpload;
  begin(name: string, bytes: number): Promise<RemoteUpload>;
  complete(at: RemoteUpload, parts: readonly UploadedPart[]): Promise<void>;
  signal: AbortSignal;
}

async function uploadFolder(
  { local, key, to, begin, complete, signal }: FolderUpload,
  note: (all: { backup: string; key: string; upload: null }[]) => void,
): Promise<void> {
  const names = (await readdir(local)).sort();
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(local, name))).size));
  const small = names.filter((_, index) => (sizes[index] ?? 0) < leastPart);
  note(small.map((name) => ({ backup: key, key: `${key}/${name}`, upload: null })));
  const whole = small.map((name) => ({ from: join(local, name), to: to(name, null, leastPart) }));
  if (whole.length > 0) await runFileTask({ kind: 'upload', files: whole }, { signal });
  for (const [index, name] of names.entries()) {
    const bytes = sizes[index] ?? 0;
    if (bytes < leastPart) continue;
    const at = await begin(name, bytes);
    const [done] = await runFileTask(
      { kind: 'upload', files: [{ from: join(local, name), to: at }] },
      { signal },
    );
    await complete(at, done?.parts ?? []);
  }
}

/** Reads all members again from the bucket. @throws BackupFailure when one is not what its manifest says */
async function compareFolder(
  { place, key, path }: BucketTarget,
  files: Manifest['files'],
  signal: AbortSignal,
): Promise<void> {
  const from = files.map(({ name }) => ({ from: { spec: place.spec, key: `${key}/${name}` }, to: null }));
  const done = await runFileTask({ kind: 'fetch', files: from }, { signal });
  for (const [index, { name, sha256 }] of files.entries())
    if (done[index]?.file.sha256 !== sha256) throw new BackupFailure(unlike(`${path}/${name}`));
}

const unlike = (path: string): Explanation => ({
  cause: 'backup-unreadable',
  what: `${path} does not hold what was written to it.`,
  why: 'Read back, its content is another: the bucket, or the way to it, changes data.',
  next: 'Look after the server of the bucket; choose another place.',
});

const exists = (path: string): Explanation => ({
  cause: 'target-exists',
  what: `${path} is there already.`,
  why: 'Nothing is ever overwritten by a backup.',
  next: 'Choose another key.',
});

const rival = (path: string): Explanation => ({
  cause: 'backup-under-way',
  what: `Another backup to ${path} is under way.`,
  why: 'Two can’t be written to one place.',
  next: 'Wait until it has finished, or choose another key.',
});
