import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup } from '../../../preload/contract/backups.ts';
import { isManifestName, manifestPath } from './manifest.ts';
import { readBackup } from './read.ts';

/** What lies in a folder. */
export interface FoundBackups {
  /** Newest first. */
  backups: Backup[];
  /** What was left out and why, a sentence each. */
  said: string[];
}

const bounds = { depth: 8, entries: 50_000, backups: 5_000, ms: 60_000 };
/** Folders that hold no backups and very many files. */
const passedOver = new Set(['node_modules', '.git', 'proc', 'sys', 'dev']);
/** Work that is not done, and work that was given up. */
const unfinished = /\.partial-[^/\\]+$/;

/** Looks for backups in a folder and those below it, by content. Links are not followed. @throws the system's error */
export async function findBackups(folder: string, lz4?: string): Promise<FoundBackups> {
  const backups: Backup[] = [];
  const said = new Set<string>();
  const until = Date.now() + bounds.ms;
  let entries = 0;
  const isFull = (): boolean => {
    if (entries > bounds.entries) said.add(`Only the first ${bounds.entries} files were looked at.`);
    else if (backups.length >= bounds.backups)
      said.add(`Only the first ${bounds.backups} backups are listed.`);
    else if (Date.now() > until) said.add(`After ${bounds.ms / 1000} s the rest was not looked at.`);
    else return false;
    return true;
  };
  const walk = async (at: string, depth: number): Promise<void> => {
    if ((await isFile(join(at, 'toc.dat'))) || (await isFile(join(at, 'toc.dat.age')))) {
      await take(at);
      return;
    }
    // The server's own files.
    if (depth > 0 && (await isFile(join(at, 'PG_VERSION')))) return;
    for await (const entry of await opendir(at)) {
      entries += 1;
      if (isFull()) return;
      const path = join(at, entry.name);
      if (unfinished.test(entry.name) || isManifestName(entry.name)) continue;
      if (entry.isFile()) await take(path);
      else if (entry.isDirectory() && !passedOver.has(entry.name)) {
        if (depth >= bounds.depth) said.add(`Folders more than ${bounds.depth} deep were not looked at.`);
        else
          await walk(path, depth + 1).catch((error: NodeJS.ErrnoException) =>
            said.add(`${path} can’t be read: ${error.code ?? error.message}.`),
          );
      }
    }
  };
  const take = async (path: string): Promise<void> => {
    const { backup, recognised } = await readBackup(path, { isWhole: false, lz4 });
    const isOne =
      recognised.format !== 'unknown' || recognised.encryption || (await isFile(manifestPath(path)));
    if (isOne) backups.push(backup);
  };
  await walk(folder, 0);
  return { backups: backups.sort((a, b) => b.at - a.at), said: [...said] };
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false;
