import { fail } from '../lib/fail.ts';
import { BackupFailure } from './create/index.ts';
import { Refused } from './restore/index.ts';

/** What a backup or a restore is refused for, as an error of the contract. */
export async function refusing<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupFailure || error instanceof Refused)
      throw fail('INVALID', { ...error.problem, field });
    throw error;
  }
}
