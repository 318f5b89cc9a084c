import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { SampleError } from './errors.ts';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Lets one caller at a time, of all processes, change the sample in `folder`. A second one waits.
 *
 * The lock is SQLite's own lock on an empty database file: the operating system lets go of it when its holder dies
 * however hard, so that there is no stale lock to guess about. `holder` beside it names the process for a person.
 * @param timeout how long to wait for another holder, in ms
 * @throws SampleError `sample-busy` when another one still holds it after `timeout`; the signal's reason when aborted
 */
export async function takeLock(
  folder: string,
  options: { signal?: AbortSignal | undefined; timeout?: number } = {},
): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const holder = join(folder, 'lock.pid');
  const deadline = Date.now() + (options.timeout ?? 120_000);
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    while (!tryBegin(database)) {
      options.signal?.throwIfAborted();
      if (Date.now() > deadline) throw await busy(holder);
      await delay(100);
    }
    options.signal?.throwIfAborted();
    await writeFile(holder, `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release: async () => {
      await rm(holder, { force: true });
      database.close();
    },
  };
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    // 5 is SQLITE_BUSY (sqlite.org, result codes).
    if ((error as { errcode?: number }).errcode === 5) return false;
    throw error;
  }
}

async function busy(holder: string): Promise<SampleError> {
  const pid = (await readFile(holder, 'utf8').catch(() => '')).trim();
  return new SampleError(
    'sample-busy',
    'The sample server can’t be changed now.',
    `Another Howdah${pid && ` (process ${pid})`} is setting it up or stopping it.`,
    'Wait until it is done and try again.',
  );
}
