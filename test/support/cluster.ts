import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = join(import.meta.dirname, '../../.cache/clusters');

interface ClusterOptions {
  /** Folder with `initdb`. */
  binaries: string;
  /** The new server's own folder; its data folder is made in it. */
  home: string;
  /** Whose it is, where that is somebody else than who runs the tests. */
  account: { uid: number; gid: number } | undefined;
}

/**
 * Makes `home`/data: a cluster of superuser `postgres` with password `postgres`. What `initdb` makes of the same
 * binaries is kept in `.cache/clusters` and copied, which takes a tenth of the time; so these clusters have one system
 * identifier.
 *
 * @returns the data folder
 * @throws when `initdb` fails
 */
export async function makeCluster(options: ClusterOptions): Promise<string> {
  const { binaries, home, account } = options;
  const data = join(home, 'data');
  const kept = join(cache, keyOf(binaries, account?.uid));
  if (existsSync(kept)) {
    await copy(kept, data);
    return data;
  }
  await initialise(data, options);
  const aside = `${kept}-${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    await copy(data, aside);
    renameSync(aside, kept);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(kept)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return data;
}

async function initialise(data: string, { binaries, home, account }: ClusterOptions): Promise<void> {
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, 'postgres', { mode: 0o644 });
  const args = ['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'];
  await run(join(binaries, 'initdb'), [...args, '-E', 'UTF8', '--no-locale', '--no-sync'], {
    ...account,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home },
  });
}

/** With owners and permissions: PostgreSQL starts on nothing else. */
async function copy(from: string, to: string): Promise<void> {
  await run('cp', ['-pR', from, to]);
}

/** Another `initdb`, another account, another cluster. */
function keyOf(binaries: string, uid: number | undefined): string {
  const { size, mtimeMs } = statSync(join(binaries, 'initdb'));
  return createHash('sha256').update(`${binaries} ${size} ${mtimeMs} ${uid}`).digest('hex').slice(0, 16);
}
