import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { RemoteUpload } from '../buckets/spec.ts';
import { databaseArgument, runProgram } from '../programs/index.ts';
import type { ProgramWay } from '../types.ts';
import type { Lock } from './age.ts';
import { chosenTables, tablesWithRows } from './contents.ts';
import type { Events } from './events.ts';
import { BackupFailure, diskProblem, programProblem } from './failure.ts';
import type { FileDone } from './file-tasks.ts';
import { fileSink } from './file-thread.ts';
import type { Moment } from './look.ts';
import type { Place } from './place.ts';
import type { Prepared } from './prepare.ts';
import { DumpProgress } from './progress.ts';
import copyingSql from './sql/copying.sql?raw';
import clearSql from './sql/forget-activity.sql?raw';
import type { BackupTask } from './task.ts';

/** How often the server is asked how far it is, ms. */
const pollMs = 500;

interface DumpNeeds {
  task: BackupTask;
  prepared: Prepared;
  place: Place;
  /** Where it is streamed to in place of a file. */
  stream: RemoteUpload | null;
  way: ProgramWay;
  events: Events;
  signal: AbortSignal;
  /** What a piped dump is encrypted with. */
  lock: Lock | null;
}

/**
 * Runs the dump into the unfinished backup, telling how far it is.
 *
 * @returns what was written, where it came through a pipe of ours
 * @throws BackupFailure; the signal's reason; the system's error
 */
export async function runDump(needs: DumpNeeds): Promise<FileDone | null> {
  const { task, prepared, place, stream, way, events, signal, lock } = needs;
  const { recipe, moment } = prepared;
  const args = [...recipe.args];
  if (moment.snapshot !== null) args.push(`--snapshot=${moment.snapshot}`);
  const database = databaseArgument(moment.look.database);
  if (recipe.program === 'pg_dumpall') args.push('-l', database);
  if (!recipe.isPiped) args.push(`--file=${place.partial}`);
  let piped = 0;
  const sink = recipe.isPiped
    ? fileSink(
        { kind: 'sink', to: stream ?? place.partial, compression: recipe.pipeCompression, lock },
        {
          signal,
          onBytes: (bytes) => {
            piped += bytes;
          },
        },
      )
    : undefined;
  sink?.done.catch(() => undefined);
  const following = follow(needs, async () => (stream ? piped : await bytesOf(place.partial)));
  try {
    const result = await runProgram(task.programs, recipe.program, args, {
      way,
      signal,
      onLine: (line) => {
        following.onLine(line);
        events.log(line);
      },
      ...(sink ? { stdout: sink.stream } : {}),
    });
    signal.throwIfAborted();
    if (result.code !== 0)
      throw new BackupFailure(
        programProblem(recipe.program, result.errors, {
          code: result.code,
          isServerGone: await isGone(moment),
        }),
      );
    const lost = moment.lost();
    if (lost && task.options.counted !== 'none') throw lost;
    const written = await sink?.done;
    if (recipe.endMark !== null && written && !hasEnd(written.tail, recipe.endMark))
      throw new BackupFailure(cutShort(recipe.program));
    following.finish();
    return written ?? null;
  } catch (error) {
    signal.throwIfAborted();
    const problem = diskProblem(error, place.path);
    throw problem ? new BackupFailure(problem) : error;
  } finally {
    await following.stop();
    sink?.stream.destroy();
  }
}

/** Whether the server went away under the dump: a session of its own has noticed, or does when it is asked. */
async function isGone(moment: Moment): Promise<boolean> {
  if (moment.lost()) return true;
  return await moment.client.query('SELECT 1').then(
    () => false,
    (error: unknown) => !(error instanceof pg.DatabaseError) || /^(57P|08)/.test(error.code ?? ''),
  );
}

/** Whether a plain dump's text ends as such a text does: after the mark only a line of psql's own may follow. */
export function hasEnd(tail: string, mark: string): boolean {
  const at = tail.lastIndexOf(`\n${mark}\n`);
  return at >= 0 && /^(--|\\unrestrict \w+|\s)*$/.test(tail.slice(at + mark.length + 2));
}

export const cutShort = (program: string) => ({
  cause: 'backup-cut-short',
  what: 'The backup was not made: its text ends before its end.',
  why: `${program} ended without an error, but the line that ends every dump is not there.`,
  next: 'Start the backup again.',
});

/** Follows lines and the server, and tells it. */
function follow({ task, prepared, way, events, signal }: DumpNeeds, bytesWritten: () => Promise<number>) {
  const { moment, recipe } = prepared;
  const { contents } = task.options;
  const tables = tablesWithRows(chosenTables(moment.look, contents), contents);
  const progress = new DumpProgress(tables, { isParallel: recipe.jobs > 1, secrets: way.secrets });
  const hasCopying = moment.look.versionNum >= 140_000;
  let isAsking = false;
  let written = 0;
  let asked: Promise<void> = Promise.resolve();
  const tell = (): void => events.progress(progress.state(performance.now()));
  const ask = async (): Promise<void> => {
    const grown = await bytesWritten();
    if (hasCopying && !moment.lost()) {
      await moment.client.query(clearSql);
      const { rows } = await moment.client.query(copyingSql, [way.variables.PGAPPNAME]);
      progress.onCopying(new Map(rows.map(({ oid, bytes }) => [oid, Number(bytes)])));
    } else progress.onWritten(grown - written);
    written = grown;
    tell();
  };
  const timer = setInterval(() => {
    if (isAsking || signal.aborted) return;
    isAsking = true;
    asked = ask()
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, pollMs);
  return {
    onLine: (line: string) => {
      progress.onLine(line, performance.now());
      tell();
    },
    finish: () => {
      progress.finish();
      tell();
    },
    stop: async () => {
      clearInterval(timer);
      await asked;
    },
  };
}

/** Bytes of a file, or of a folder's files. */
async function bytesOf(path: string): Promise<number> {
  const about = await stat(path);
  if (!about.isDirectory()) return about.size;
  const names = await readdir(path);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, one) => sum + one, 0);
}
