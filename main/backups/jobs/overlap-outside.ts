import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JobRun } from '../../../preload/contract/backup-jobs.ts';
import { noteOverlap } from './job-runs.ts';
import { openJobStore } from './job-store.ts';
import { type JobLock, takeJobLock } from './lock.ts';

/** Of jobs that this process waits to run, until it ends. */
const waiting = new Map<string, JobLock>();

/**
 * For a command that waits because another one has the data folder: notes that the job's run is refused, when what goes
 * on there is a run of the same job, or another command waits for its turn to run it already. Undefined: it is something
 * else, and will end.
 */
export function noteOverlapOutside(dataFolder: string, ref: string, by: JobRun['by']): JobRun | undefined {
  const file = join(dataFolder, 'howdah.db');
  if (!existsSync(file)) return undefined;
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON');
    const store = openJobStore(db);
    const job = store.find(ref);
    if (!job) return undefined;
    const lock = takeJobLock(dataFolder, job.id);
    lock?.release();
    if (!lock) return noteOverlap(store, job, by, Date.now());
    const turn = waiting.get(job.id) ?? takeJobLock(dataFolder, `${job.id}.waiting`);
    if (!turn) return noteOverlap(store, job, by, Date.now());
    waiting.set(job.id, turn);
    return undefined;
  } catch {
    // It is being made, or is of another version: whoever has it knows better.
    return undefined;
  } finally {
    db.close();
  }
}
