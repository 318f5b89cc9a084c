import { access, chmod, chown, constants, lstat, mkdir } from 'node:fs/promises';
import { SampleError } from './errors.ts';
import { type Account, run } from './processes.ts';

/** Whether we are root, as whom PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account that a cluster must run under: none (our own) unless we are root; then `postgres` when the machine
 * has it, else `nobody`.
 * @throws SampleError `sample-no-account` when root finds neither.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account && account.uid !== 0) return account;
  }
  throw new SampleError(
    'sample-no-account',
    'The sample server can’t be started.',
    'PostgreSQL refuses to run as root, and this machine has neither a user “postgres” nor “nobody”.',
    'Start Howdah as an ordinary user.',
  );
}

/** Asks `id`, which knows the directory services that /etc/passwd does not. */
async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/**
 * The first of `parents` that root may write to and that lets other accounts through.
 * Nothing is made.
 */
export async function reachableParent(parents: string[]): Promise<string | undefined> {
  for (const parent of parents) {
    if (await isOpenToAll(parent)) return parent;
  }
  return undefined;
}

async function isOpenToAll(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    for (const step of ancestors(folder)) {
      const { mode } = await lstat(step);
      if ((mode & 0o001) === 0) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function ancestors(folder: string): string[] {
  const parts = folder.split('/').filter(Boolean);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/**
 * Makes a folder that only its owner may enter, or takes one that is there when it is ours, and gives it to
 * `account`. In a folder that everyone may write to (such as /tmp) somebody else could have made one of the same
 * name first: that one is refused.
 */
export async function makePrivateFolder(folder: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await refuseForeign(folder, account);
  }
  if (process.platform === 'win32') return;
  await chmod(folder, 0o700);
  if (account) await chown(folder, account.uid, account.gid);
}

async function refuseForeign(folder: string, account: Account | undefined): Promise<void> {
  const found = await lstat(folder);
  const own = process.getuid?.() ?? found.uid;
  if (found.isDirectory() && (found.uid === own || found.uid === account?.uid)) return;
  throw new SampleError(
    'sample-busy',
    'The sample server’s folder can’t be made.',
    `${folder} is there already and belongs to somebody else.`,
    'Remove it, or start Howdah with another data folder.',
  );
}
