import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runProgram } from '../programs/index.ts';
import type { Programs } from '../types.ts';
import type { RestoreSource } from './needs.ts';
import type { ScriptFacts } from './script-facts.ts';
import { scanner } from './script-stream.ts';

/** What could not be read, in the program's own words. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** How long pg_restore may say nothing while it reads a table of contents, ms. */
const silenceMs = 60_000;
/** The newest scans of plain dumps: each reads all of it. */
const known = new Map<string, ScriptFacts>();
const mostKnown = 8;

/** Tells a backup from what lies there when it was changed since. @throws the system's error */
export async function identityOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const add = async (file: string, name: string): Promise<void> => {
    const { size, mtimeMs, ino, isFile } = await facts(file);
    if (isFile) hash.update(`${name}\0${size}\0${mtimeMs}\0${ino}\0`);
  };
  const about = await stat(path);
  if (about.isDirectory()) for (const name of (await readdir(path)).sort()) await add(join(path, name), name);
  else await add(path, '');
  return hash.digest('hex');
}

async function facts(file: string) {
  const about = await stat(file);
  return { size: about.size, mtimeMs: about.mtimeMs, ino: about.ino, isFile: about.isFile() };
}

/**
 * What a backup says of itself: a plain one is read whole, of an archive the part that has no rows.
 *
 * @throws {Unreadable}; the system's error; the signal's reason
 */
export async function readScriptFacts(
  source: RestoreSource,
  programs: Programs,
  signal: AbortSignal | undefined,
): Promise<ScriptFacts> {
  if (source.format !== 'plain') return await archiveFacts(source, programs, signal);
  const key = `${source.path} ${await identityOf(source.path)}`;
  const before = known.get(key);
  if (before) return before;
  if (!source.open) throw new Unreadable('A plain dump can’t be a folder.');
  const { stream, facts: found } = scanner();
  const none = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(await source.open(), stream, none, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  return found;
}

async function archiveFacts(
  source: RestoreSource,
  programs: Programs,
  signal: AbortSignal | undefined,
): Promise<ScriptFacts> {
  const { stream, facts: found } = scanner();
  stream.resume();
  const args = ['--schema-only', '--create', '--file=-', ...(source.file === null ? [] : [source.file])];
  const stdin = source.file === null ? await source.open?.() : undefined;
  const result = await runProgram(programs, 'pg_restore', args, {
    way: null,
    signal,
    stdout: stream,
    watchdog: { ms: silenceMs },
    ...(stdin ? { stdin } : {}),
  });
  signal?.throwIfAborted();
  if (result.code !== 0)
    throw new Unreadable(
      result.isHung
        ? 'pg_restore found no end in it.'
        : result.errors.slice(0, 5).join('\n') || 'pg_restore failed.',
    );
  return found;
}

/**
 * What each entry of an archive needs, by number (`pg_restore -l -v`); empty where that can't be asked.
 */
export async function readDependencies(
  source: RestoreSource,
  programs: Programs,
  signal: AbortSignal | undefined,
): Promise<Map<number, number[]>> {
  const needs = new Map<number, number[]>();
  if (source.file === null || source.format === 'plain') return needs;
  const { code, output } = await runProgram(programs, 'pg_restore', ['--list', '--verbose', source.file], {
    way: null,
    signal,
    watchdog: { ms: silenceMs },
  });
  if (code !== 0) return needs;
  let entry = 0;
  for (const line of output.split('\n')) {
    const id = /^(\d+); /.exec(line)?.[1];
    if (id !== undefined) entry = Number(id);
    const list = /^;\s+depends on: ([\d ]+)$/.exec(line.trimEnd())?.[1];
    if (list !== undefined && entry) needs.set(entry, list.trim().split(' ').map(Number));
  }
  return needs;
}
