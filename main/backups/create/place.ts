import { createHash, randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import type { Explanation } from '../../../preload/contract/common.ts';
import { sleep } from '../../lib/sleep.ts';
import { manifestPath } from '../files/index.ts';
import { isAlive } from '../programs/index.ts';
import { BackupFailure, diskProblem } from './failure.ts';

/** Where a backup is to lie, held for one run. */
export interface Place {
  path: string;
  /** What is written until it is done: no name of a backup. */
  partial: string;
  /** Of the manifest until then. */
  partialManifest: string;
  /**
   * Gives both their names, the manifest first, so that a backup of that name has always one. Never overwrites.
   * @throws BackupFailure
   */
  publish(): Promise<void>;
  /** Removes what was not published. The answer is what is left, where it could not be removed. */
  clear(): Promise<string | null>;
}

/** This machine, for names in folders that several share. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const named = /\.partial-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}(\.howdah\.json)?$/;
/** Runs of this process. */
const living = new Set<string>();

/** A name for a run: its machine, its process, and chance. */
export const newRun = (): string => `${machine}-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Whether a run of this machine can't be at work any more. */
export function isOfDeadRun(run: string): boolean {
  const [itsMachine, pid] = run.split('-');
  if (itsMachine !== machine || living.has(run)) return false;
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

/**
 * Looks at a path before anything is done.
 * @returns bytes that are free there, where the system tells
 * @throws BackupFailure
 */
export async function checkPlace(given: string): Promise<{ path: string; freeBytes: number | null }> {
  const path = normalize(given).replace(/(?<=.)[\\/]+$/, '');
  if (!isAbsolute(given)) {
    throw new BackupFailure({
      cause: 'path-relative',
      what: `${given} is no absolute path.`,
      why: 'A backup has to lie where it is found again, whatever folder Howdah was started in.',
      next: 'Give the whole path.',
    });
  }
  if (path.includes('\0') || named.test(path) || path.endsWith('.howdah.json') || basename(path) === '') {
    throw new BackupFailure({
      cause: 'name-impossible',
      what: `${path} can't be the name of a backup.`,
      why: 'Such names are for unfinished backups, for manifests, or for none.',
      next: 'Choose another name.',
    });
  }
  const folder = dirname(path);
  const about = await stat(folder).catch((error: unknown) => {
    throw problemAt(error, path);
  });
  if (!about.isDirectory()) throw problemAt({ code: 'ENOTDIR', message: `${folder} is a file` }, path);
  const around = await Promise.all(
    ['toc.dat', 'toc.dat.age'].map((name) => lstat(join(folder, name)).catch(() => undefined)),
  );
  if (around.some(Boolean)) {
    throw new BackupFailure({
      cause: 'inside-backup',
      what: `${folder} is itself a backup.`,
      why: 'One backup within another would change it.',
      next: 'Choose another folder.',
    });
  }
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw problemAt(error, path);
  });
  if (there) throw exists(path, there.isDirectory());
  const space = await statfs(folder).catch(() => undefined);
  return { path, freeBytes: space ? space.bavail * space.bsize : null };
}

/**
 * Holds a path for a run: makes the unfinished backup, a file or a folder for this account alone. What dead runs have
 * left beside it is cleared; where a living one works on the same path this one is refused.
 *
 * @throws BackupFailure
 */
export async function holdPlace(given: string, run: string, kind: 'file' | 'folder'): Promise<Place> {
  const { path } = await checkPlace(given);
  const folder = dirname(path);
  const partial = `${path}.partial-${run}`;
  await clearLeftovers(folder);
  living.add(run);
  try {
    if (kind === 'folder') await mkdir(partial, { mode: 0o700 });
    else await (await open(partial, 'wx', 0o600)).close();
  } catch (error) {
    living.delete(run);
    throw problemAt(error, path);
  }
  const place: Place = {
    path,
    partial,
    partialManifest: manifestPath(partial),
    publish: () => publish(place, kind),
    clear: async () => {
      living.delete(run);
      const left: string[] = [];
      for (const one of [partial, place.partialManifest]) {
        await rm(one, { recursive: true, force: true, maxRetries: 3 }).catch(() => left.push(one));
      }
      return left.length === 0 ? null : left.join(' and ');
    },
  };
  if (await hasRival(path, partial)) {
    await place.clear();
    throw new BackupFailure(rivalProblem(path));
  }
  return place;
}

/** Whether another living run holds the path. Of two that begin together the one whose name comes first goes on. */
async function hasRival(path: string, partial: string): Promise<boolean> {
  const own = basename(partial);
  const rivals = async (): Promise<string[]> =>
    (await readdir(dirname(path))).filter(
      (name) =>
        name !== own &&
        name.startsWith(`${basename(path)}.partial-`) &&
        named.test(name) &&
        !name.endsWith('.json'),
    );
  const seen = await rivals();
  if (seen.length === 0) return false;
  if (seen.some((name) => name < own)) return true;
  await sleep(300);
  return (await rivals()).length > 0;
}

async function publish({ path, partial, partialManifest }: Place, kind: 'file' | 'folder'): Promise<void> {
  const folder = dirname(path);
  const there = await lstat(path).catch(() => undefined);
  if (there) throw exists(path, there.isDirectory());
  try {
    if (kind === 'folder') await syncFolder(partial);
    // Nothing is lost if one lies there: without its backup it is of no use.
    await rename(partialManifest, manifestPath(path));
    try {
      if (kind === 'folder') await rename(partial, path);
      else await renameNew(partial, path);
    } catch (error) {
      await rm(manifestPath(path), { force: true });
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw problemAt(error, path);
  }
}

/** Renames a file, and never onto another. */
async function renameNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw error;
    // A file system without hard links.
    await (await open(to, 'wx', 0o600)).close();
    await rename(from, to);
    return;
  }
  await unlink(from);
}

/** Removes unfinished backups of this machine whose process is gone. Never throws. */
async function clearLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const found = named.exec(name);
    if (!found || found[1] !== machine) continue;
    const pid = Number(found[2]);
    const run = name.slice(name.lastIndexOf('.partial-') + '.partial-'.length).replace(/\.howdah\.json$/, '');
    if (living.has(run) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Has a folder's names on the disk for sure, where the system has a way to. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems have none.
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

const problemAt = (error: unknown, path: string): unknown => {
  const problem = diskProblem(error, path);
  return problem ? new BackupFailure(problem) : error;
};

const exists = (path: string, isFolder: boolean): BackupFailure =>
  new BackupFailure({
    cause: 'target-exists',
    what: `${path} is there already${isFolder ? ', and is a folder' : ''}.`,
    why: 'Nothing is ever overwritten by a backup.',
    next: isFolder
      ? 'Give the name of a file or folder within it that is not there yet.'
      : 'Choose another name.',
  });

const rivalProblem = (path: string): Explanation => ({
  cause: 'backup-under-way',
  what: `Another backup to ${path} is under way.`,
  why: 'Two can’t be written to one place.',
  next: 'Wait until it has finished, or choose another name.',
});
