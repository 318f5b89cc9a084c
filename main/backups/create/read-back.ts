import { finished } from 'node:stream/promises';
import type { Verification } from '../../../preload/contract/backups.ts';
import { runProgram } from '../programs/index.ts';
import type { Programs } from '../types.ts';
import type { Key } from './age.ts';
import type { Recipe } from './arguments.ts';
import type { FileDone } from './file-tasks.ts';
import { fileSource, runFileTask } from './file-thread.ts';
import { sameContent } from './seal-folder.ts';

interface Options {
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/**
 * Reads an encrypted file back: its encryption proves each byte, its content is compared with what the dump gave, and an
 * archive is read by `pg_restore` on the way. Nothing of it is written in the clear.
 */
export async function readBack(
  path: string,
  { key, written, recipe, programs }: { key: Key; written: FileDone; recipe: Recipe; programs: Programs },
  { signal, onBytes }: Options,
): Promise<{ verification: Verification; objects: number | null }> {
  const [back] = await runFileTask(
    { kind: 'open', files: [{ from: path, to: null }], key },
    { signal, onBytes },
  );
  sameContent(written, back, path);
  const said = ['It was read back whole, and holds what the dump gave.'];
  let objects: number | null = null;
  let state: Verification['state'] = 'good';
  if (recipe.format === 'custom' || recipe.format === 'tar') {
    const letter = recipe.format === 'custom' ? 'c' : 't';
    const read = await restoreFrom(
      path,
      key,
      programs,
      [`-F${letter}`, '-f', process.platform === 'win32' ? 'NUL' : '/dev/null'],
      signal,
    );
    if (read.code !== 0) state = 'bad';
    said.push(
      state === 'good'
        ? `pg_restore ${programs.about.version} has read all of it.`
        : `pg_restore ${programs.about.version} can't read it: ${read.errors[0] ?? 'it gave no reason'}`,
    );
    const list = await restoreFrom(path, key, programs, [`-F${letter}`, '-l'], signal);
    if (list.code === 0) objects = list.output.split('\n').filter((line) => /^\d+;/.test(line)).length;
  }
  return { verification: { level: 'readable', state, at: Date.now(), said }, objects };
}

async function restoreFrom(path: string, key: Key, programs: Programs, args: string[], signal: AbortSignal) {
  const stdin = fileSource({ kind: 'source', from: path, key }, { signal });
  try {
    return await runProgram(programs, 'pg_restore', args, {
      way: null,
      signal,
      stdin,
      watchdog: { ms: 60_000 },
    });
  } finally {
    stdin.destroy();
    await finished(stdin).catch(() => undefined);
  }
}
