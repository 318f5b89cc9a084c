import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Explanation } from '../../../preload/contract/common.ts';
import { BackupFailure } from '../create/failure.ts';
import { runFileTask } from '../create/file-thread.ts';
import { Manifest, manifestPath } from '../files/index.ts';
import { makePrivateFolder, removePrivateFolder } from '../programs/index.ts';
import { localName } from './address.ts';
import type { BucketClient } from './client.ts';
import type { BucketTarget } from './target.ts';

/** A backup of a bucket, on this machine for a while. */
export interface FetchedCopy {
  /** Of the file or folder; its manifest is beside it. */
  path: string;
  /** Why it is not what its manifest says. */
  damage: Explanation | null;
  close(): Promise<void>;
}

export interface FetchOptions {
  signal?: AbortSignal | undefined;
  onBytes?: ((bytes: number) => void) | undefined;
}

/** Copies of backups that lie in buckets, in folders for this account alone. */
export interface FetchedCopies {
  /**
   * Fetches one and looks whether it is what its manifest says. Whoever asks for the same again soon gets the same copy: a
   * plan and what was planned look at one file.
   *
   * @throws BackupFailure; the signal's reason
   */
  fetch(client: BucketClient, target: BucketTarget, options?: FetchOptions): Promise<FetchedCopy>;
  close(): Promise<void>;
}

/** How long a copy that nobody uses is kept, ms. */
const keptMs = 5 * 60_000;
/** The most that a manifest may hold, bytes. */
const mostManifest = 64 * 1024 * 1024;

interface Kept {
  folder: string;
  path: string;
  damage: Explanation | null;
  /** What lay there when it was fetched. */
  identity: string;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

export function openFetched(parent: string): FetchedCopies {
  const kept = new Map<string, Kept>();
  const drop = async (path: string, one: Kept): Promise<void> => {
    clearTimeout(one.timer);
    if (kept.get(path) === one) kept.delete(path);
    if (one.users === 0) await removePrivateFolder(one.folder);
  };
  const use = (path: string, one: Kept): FetchedCopy => {
    one.users += 1;
    clearTimeout(one.timer);
    let isClosed = false;
    return {
      path: one.path,
      damage: one.damage,
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        one.users -= 1;
        if (one.users > 0) return;
        if (kept.get(path) !== one) await removePrivateFolder(one.folder);
        else one.timer = setTimeout(() => void drop(path, one).catch(() => undefined), keptMs).unref();
      },
    };
  };
  return {
    fetch: async (client, target, options = {}) => {
      const found = await lookAt(client, target, options.signal);
      const known = kept.get(target.path);
      if (known?.identity === found.identity) return use(target.path, known);
      if (known) await drop(target.path, known);
      await mkdir(parent, { recursive: true, mode: 0o700 });
      await hasRoom(parent, found, target.path);
      const folder = await makePrivateFolder(parent);
      try {
        const path = join(folder, localName(target.key));
        const damage = await copy(target, found, path, options);
        const one: Kept = { folder, path, damage, identity: found.identity, users: 0, timer: undefined };
        kept.set(target.path, one);
        return use(target.path, one);
      } catch (error) {
        await removePrivateFolder(folder);
        throw error;
      }
    },
    close: async () => {
      for (const [path, one] of [...kept]) {
        one.users = 0;
        await drop(path, one);
      }
    },
  };
}

interface Found {
  /** As it stands there. */
  manifest: { text: string; is: Manifest } | undefined;
  /** Keys below the backup's own, or the empty name for the object itself. */
  files: { name: string; bytes: number }[];
  identity: string;
}

/** What there is to fetch. @throws BackupFailure when there is nothing */
async function lookAt(
  client: BucketClient,
  { key, path }: BucketTarget,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const manifest = await manifestAt(client, key, signal);
  const single = await client.head(key, signal);
  const files: Found['files'] = [];
  const identity: string[] = [manifest?.text ?? ''];
  if (single) {
    files.push({ name: '', bytes: single.bytes });
    identity.push(single.etag, String(single.at));
  } else
    for await (const one of client.list(`${key}/`, signal)) {
      const name = one.key.slice(key.length + 1);
      // A directory backup has no folders in it.
      if (name === '' || /[/\\]/.test(name) || name === '..') continue;
      files.push({ name, bytes: one.bytes });
      identity.push(name, String(one.bytes), String(one.at));
      if (files.length > 1_000_000) break;
    }
  if (files.length > 0) return { manifest, files, identity: identity.join('\0') };
  throw new BackupFailure({
    cause: 'backup-missing',
    what: `${path} is not there.`,
    why: manifest ? 'Its manifest is, but what it tells of is not.' : 'The bucket has no object of that key.',
    next: 'Check the path, or look for backups in the bucket.',
  });
}

/** The manifest of a backup in a bucket; undefined where there is none that can be used. */
export async function manifestAt(
  client: BucketClient,
  key: string,
  signal?: AbortSignal,
): Promise<{ text: string; is: Manifest } | undefined> {
  const about = await client.head(manifestPath(key), signal);
  if (!about || about.bytes > mostManifest) return undefined;
  const said = await text(client.read(manifestPath(key), { signal }));
  try {
    return { text: said, is: Manifest.parse(JSON.parse(said)) };
  } catch {
    return undefined;
  }
}

async function copy(
  { key, place, path: shown }: BucketTarget,
  { manifest, files }: Found,
  to: string,
  options: FetchOptions,
): Promise<Explanation | null> {
  const isFolder = files[0]?.name !== '';
  if (isFolder) await mkdir(to, { mode: 0o700 });
  const done = await runFileTask(
    {
      kind: 'fetch',
      files: files.map(({ name }) => ({
        from: { spec: place.spec, key: name === '' ? key : `${key}/${name}` },
        to: name === '' ? to : join(to, name),
      })),
    },
    options,
  );
  if (!manifest) return null;
  await writeFile(manifestPath(to), manifest.text, { mode: 0o600 });
  const digests = new Map(files.map(({ name }, index) => [name, done[index]?.file.sha256]));
  for (const { name, sha256 } of manifest.is.files)
    if (digests.get(name) !== sha256) {
      const which = name === '' ? shown : `${shown}/${name}`;
      return {
        cause: 'backup-damaged',
        what: `${which} is damaged.`,
        why: digests.has(name)
          ? 'Its SHA-256 is not that of its manifest: what lies in the bucket is not what was written.'
          : 'It is not in the bucket any more.',
        next: 'Use another backup, or another copy of this one.',
      };
    }
  return null;
}

async function hasRoom(folder: string, { files }: Found, path: string): Promise<void> {
  const needed = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const space = await statfs(folder).catch(() => undefined);
  const free = space ? space.bavail * space.bsize : Number.POSITIVE_INFINITY;
  if (free > needed + 64 * 1024 * 1024) return;
  throw new BackupFailure({
    cause: 'disk-full',
    what: `There is no room to fetch ${path}.`,
    why: `It has ${needed} bytes; ${dirname(folder)} has ${free} free.`,
    next: 'Make room there.',
  });
}
