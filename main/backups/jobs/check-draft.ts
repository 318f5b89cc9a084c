import { isAbsolute } from 'node:path';
import type { BackupJobDraft } from '../../../preload/contract/backup-jobs.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { readTimes } from '../../lib/cron.ts';
import { fail } from '../../lib/fail.ts';
import type { KeptJob } from './job-store.ts';

/**
 * A draft that can be kept: with its environment's id in place of a name.
 *
 * @param others the jobs that there are beside it
 * @param before what it is now; whose environment was removed can still be turned off
 * @throws INVALID with the field; ENVIRONMENT_UNKNOWN
 */
export function checkDraft(
  draft: BackupJobDraft,
  others: readonly KeptJob[],
  findEnvironment: (ref: string) => Environment,
  before?: KeptJob,
): BackupJobDraft {
  const environment =
    draft.environment === before?.environment ? undefined : findEnvironment(draft.environment);
  const { name, action, schedule } = draft;
  if (environment?.transient)
    throw invalid('environment', 'environment-passing', {
      what: 'A job needs an environment that stays.',
      why: `${environment.name} was opened from an address for this run alone.`,
      next: 'Add it as an environment first.',
    });
  if (others.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw invalid('name', 'name-taken', {
      what: `There is already a job named "${name}".`,
      why: 'Jobs are told apart by their names, on the command line too.',
      next: 'Choose another name.',
    });
  if (/^\d+$/.test(name) || /^-|\p{Cc}/u.test(name))
    throw invalid('name', 'name-impossible', {
      what: `"${name}" can't be the name of a job.`,
      why: 'One of digits alone is a number of a job, one that begins with a dash is an option, and none has line breaks.',
      next: 'Choose another name.',
    });
  if (schedule) readTimes(schedule);
  if (action.kind === 'backup') {
    if (action.options.encryption.kind === 'passphrase')
      throw invalid('encryption', 'passphrase-not-kept', {
        what: 'A job can’t encrypt by a passphrase.',
        why: 'It is kept nowhere, and nobody is there to type it.',
        next: 'Take the key of the keychain.',
      });
    if (action.folder !== null && !isAbsolute(action.folder) && !/^s3:\/\/[^/]/.test(action.folder))
      throw invalid('folder', 'path-relative', {
        what: `"${action.folder}" is no whole path.`,
        why: 'A job runs wherever the console does, or the system starts it.',
        next: 'Give the path from the root on, or s3:// with the name of a place.',
      });
  }
  return { ...draft, environment: environment?.id ?? draft.environment };
}

const invalid = (field: string, cause: string, said: { what: string; why: string; next: string }): Error =>
  fail('INVALID', { cause, field, ...said });
