import type { BackupJob } from '../../preload/contract/backup-jobs.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { CallProblem } from './run.ts';

/** @throws CallProblem when there is none of that number or name */
export async function jobOf(client: ConsoleClient, ref: string): Promise<BackupJob> {
  const jobs = await client.backups.jobs.list();
  const job =
    jobs.find(({ id }) => id === ref) ?? jobs.find(({ name }) => name.toLowerCase() === ref.toLowerCase());
  if (!job) throw new CallProblem(`There is no job "${ref}". howdah backups jobs list shows them.`);
  return job;
}
