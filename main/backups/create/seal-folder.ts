import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Key, Lock } from './age.ts';
import { BackupFailure } from './failure.ts';
import type { Digest, FileDone } from './file-tasks.ts';
import { runFileTask } from './file-thread.ts';

/** Holds a folder's own identity, encrypted by the passphrase: age takes it with `-i`. */
export const identityName = 'identity.age';
/** Threads at once. */
const most = 2;

interface Options {
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/**
 * Encrypts each file of a folder on its own, `toc.dat` to `toc.dat.age`, and reads each back. The unencrypted ones go as
 * soon as theirs are on the disk. With a passphrase the files are closed by a key of the folder's own, and that by the
 * passphrase: to try a passphrase takes a second on purpose, which a thousand files would not bear.
 */
export async function sealFolder(
  folder: string,
  lock: Lock,
  key: Key,
  { signal, onBytes }: Options,
): Promise<{ name: string; file: Digest }[]> {
  const names = (await readdir(folder)).sort();
  const sealed: { name: string; file: Digest }[] = [];
  let inner: { lock: Lock; key: Key } = { lock, key };
  if ('passphrase' in lock) {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    inner = { lock: { recipient }, key: { identity } };
    const to = join(folder, identityName);
    const [done] = await runFileTask({ kind: 'seal-text', text: `${identity}\n`, to, lock }, { signal });
    if (done) sealed.push({ name: identityName, file: done.file });
  }
  await eachShare(names, async (share) => {
    const files = share.map((name) => ({ from: join(folder, name), to: join(folder, `${name}.age`) }));
    const written = await runFileTask({ kind: 'seal', files, lock: inner.lock }, { signal, onBytes });
    const back = await runFileTask(
      { kind: 'open', files: files.map(({ to }) => ({ from: to, to: null })), key: inner.key },
      { signal, onBytes },
    );
    for (const [index, name] of share.entries()) {
      const { file } = sameContent(written[index], back[index], `${name}.age`);
      sealed.push({ name: `${name}.age`, file });
      await unlink(join(folder, name));
    }
  });
  return sealed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws BackupFailure when what was read back is not what was written */
export function sameContent(
  written: FileDone | undefined,
  back: FileDone | undefined,
  name: string,
): FileDone {
  if (
    written &&
    back &&
    written.plain.sha256 === back.plain.sha256 &&
    written.file.sha256 === back.file.sha256
  )
    return written;
  throw new BackupFailure({
    cause: 'backup-unreadable',
    what: `${name} does not hold what was written to it.`,
    why: 'Read back, its content is another: the disk, or the way to it, changes data.',
    next: 'Look after the disk; choose another place.',
  });
}

/** Digests of files, on the disk for sure. */
export async function digestFiles(
  paths: readonly string[],
  { signal, onBytes }: Options,
): Promise<Map<string, Digest>> {
  const digests = new Map<string, Digest>();
  await eachShare(paths, async (share) => {
    const done = await runFileTask({ kind: 'digest', paths: share }, { signal, onBytes });
    for (const [index, path] of share.entries()) {
      const one = done[index];
      if (one) digests.set(path, one.file);
    }
  });
  return digests;
}

async function eachShare(all: readonly string[], work: (share: string[]) => Promise<void>): Promise<void> {
  const shares = Array.from({ length: Math.min(most, all.length) }, (_, nth) =>
    all.filter((_one, index) => index % most === nth),
  );
  const results = await Promise.allSettled(shares.map(work));
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
