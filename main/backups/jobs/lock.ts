import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface JobLock {
  release(): void;
}

/**
 * Takes a job for one run, of all processes. It is SQLite's own lock on an empty file: the system drops it when the
 * process ends, however it ends, so that there is none to be cleaned away.
 *
 * @returns undefined while another run has it
 */
export function takeJobLock(dataFolder: string, job: string): JobLock | undefined {
  const folder = join(dataFolder, 'job-locks');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, `${job}.lock`));
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    // 5 is SQLITE_BUSY (sqlite.org, result codes).
    if ((error as { errcode?: number }).errcode === 5) return undefined;
    throw error;
  }
  return { release: () => lock.close() };
}
