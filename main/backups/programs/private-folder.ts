import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the names of all of Howdah's folders for secrets; this process's number follows. */
const prefix = 'howdah-private-';

/** Those that this process has made and not removed. */
const own = new Set<string>();

/**
 * A folder that only this account can look into, for what must not stay: passwords, sockets, opened backups. What
 * consoles that died have left is cleared on the way.
 *
 * @param parent where there is room; the system's folder for temporary files unless given
 */
export async function makePrivateFolder(parent: string = tmpdir()): Promise<string> {
  await clearPrivateFolders(parent);
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  own.add(folder);
  await chmod(folder, 0o700);
  return folder;
}

export async function removePrivateFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  own.delete(folder);
}

/** Removes what processes that are gone have left. Never throws: what belongs to another account stays. */
async function clearPrivateFolders(parent: string = tmpdir()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    const folder = join(parent, name);
    if (!Number.isInteger(pid) || own.has(folder) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether a process of this number is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, under another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
