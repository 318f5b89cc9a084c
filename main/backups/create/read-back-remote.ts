import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Verification } from '../../../preload/contract/backups.ts';
import type { RemoteFile } from '../buckets/spec.ts';
import { runProgram } from '../programs/index.ts';
import type { Programs } from '../types.ts';
import type { Key } from './age.ts';
import type { Recipe } from './arguments.ts';
import type { FileDone } from './file-tasks.ts';
import { fileSource } from './file-thread.ts';
import { sameContent } from './seal-folder.ts';

interface Streamed {
  from: RemoteFile;
  /** As it is called. */
  path: string;
  key: Key | null;
  written: FileDone;
  recipe: Recipe;
  programs: Programs;
}

/**
 * Reads what was streamed to a bucket back, in one pass and with no copy here: its bytes are hashed, what it holds is
 * compared with what the dump gave, and an archive is read by `pg_restore` on the way.
 */
export async function readBackRemote(
  { from, path, key, written, recipe, programs }: Streamed,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<{ verification: Verification; objects: number | null }> {
  let back: FileDone | undefined;
  const source = fileSource({ kind: 'source', from, key }, { signal, onBytes }, (done) => {
    back = done;
  });
  const said = ['It was read back whole from the bucket, and holds what the dump gave.'];
  let state: Verification['state'] = 'good';
  let objects: number | null = null;
  if (recipe.format === 'custom' || recipe.format === 'tar') {
    const letter = recipe.format === 'custom' ? 'c' : 't';
    const { version } = programs.about;
    const errors = await readByProgram(source, programs, letter, signal);
    signal.throwIfAborted();
    if (errors === null) said.push(`pg_restore ${version} has read all of it.`);
    else {
      state = 'bad';
      said.push(`pg_restore ${version} can't read it: ${errors}`);
    }
    objects = await countEntries({ from, key }, programs, letter, signal);
  } else await finished(source.resume());
  if (!back) throw new Error('The thread that reads a bucket gave no answer.');
  sameContent(written, back, path);
  return { verification: { level: 'readable', state, at: Date.now(), said }, objects };
}

/** Why it can't be read; null where it can. */
async function readByProgram(
  source: Readable,
  programs: Programs,
  letter: string,
  signal: AbortSignal,
): Promise<string | null> {
  const args = [`-F${letter}`, '-f', process.platform === 'win32' ? 'NUL' : '/dev/null'];
  const { branch, done } = teeing(source);
  const [read] = await Promise.all([
    runProgram(programs, 'pg_restore', args, { way: null, signal, stdin: branch, watchdog: { ms: 60_000 } }),
    done,
  ]);
  return read.code === 0 ? null : (read.errors[0] ?? 'it gave no reason');
}

/** The program leaves after the table of contents, and no more than that is fetched. */
async function countEntries(
  { from, key }: Pick<Streamed, 'from' | 'key'>,
  programs: Programs,
  letter: string,
  signal: AbortSignal,
): Promise<number | null> {
  const stdin = fileSource({ kind: 'source', from, key }, { signal });
  try {
    const args = [`-F${letter}`, '-l'];
    const list = await runProgram(programs, 'pg_restore', args, { way: null, signal, stdin });
    return list.code === 0 ? list.output.split('\n').filter((line) => /^\d+;/.test(line)).length : null;
  } finally {
    stdin.destroy();
    await finished(stdin).catch(() => undefined);
  }
}

/** A branch of a stream. Whoever reads it may leave; the stream is then read on to its end. */
function teeing(source: Readable): { branch: PassThrough; done: Promise<void> } {
  const branch = new PassThrough({ highWaterMark: 1024 * 1024 });
  branch.on('error', () => undefined);
  const goOn = (): void => void source.resume();
  branch.on('drain', goOn).on('close', goOn);
  source.on('data', (chunk: Buffer) => {
    if (!branch.destroyed && !branch.write(chunk)) source.pause();
  });
  const done = finished(source).then(
    () => void branch.end(),
    (error: Error) => {
      branch.destroy(error);
      throw error;
    },
  );
  return { branch, done };
}
