import type { Backup, RestoreMode, RestoreOptions } from '../../../preload/contract/backups.ts';

/** A restore as somebody edits it. */
export interface RestoreDraft {
  /** Id of the environment that it goes to. */
  environment: string;
  mode: RestoreMode;
  /** Of the database that is made, in the mode `new`. */
  newName: string;
  /** Of the one that is there, in the other modes; null: that of the environment. */
  existingName: string | null;
  /** Ids of the table of contents; null: all of it. */
  only: ReadonlySet<number> | null;
  /** Null: by the machine. */
  jobs: number | null;
  single: boolean;
  owners: boolean;
  privileges: boolean;
  role: string;
  after: string;
  passphrase: string;
  /** Empty: those that fit best. */
  tools: string;
}

/** PostgreSQL cuts longer names, in bytes. */
const longestName = 63;

const two = (value: number): string => String(value).padStart(2, '0');

/** A name that says what is in it: the database's, and the moment that the backup shows. */
export function proposedName({ database, at }: Pick<Backup, 'database' | 'at'>): string {
  const date = new Date(at);
  const moment = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}_${two(date.getHours())}${two(date.getMinutes())}`;
  let name = database ?? 'restored';
  while (bytesOf(`${name}_${moment}`) > longestName) name = [...name].slice(0, -1).join('');
  return `${name}_${moment}`;
}

export const draftFor = (backup: Backup, environment: string): RestoreDraft => ({
  environment,
  mode: 'new',
  newName: proposedName(backup),
  existingName: null,
  only: null,
  jobs: null,
  single: false,
  owners: true,
  privileges: true,
  role: '',
  after: '',
  passphrase: '',
  tools: '',
});

/** What is asked of the console; undefined while something is missing, which `lacking` says. */
export function optionsOf(
  draft: RestoreDraft,
  { backup, database }: { backup: string; database: string },
): RestoreOptions {
  const { mode, only, jobs, single, owners, privileges, role, after, passphrase, tools } = draft;
  return {
    backup,
    database: databaseOf(draft, database),
    mode,
    single,
    owners,
    privileges,
    ...(only === null ? {} : { only: [...only].toSorted((a, b) => a - b) }),
    ...(jobs === null || single ? {} : { jobs }),
    ...(role.trim() === '' ? {} : { role: role.trim() }),
    ...(after.trim() === '' ? {} : { after }),
    ...(passphrase === '' ? {} : { passphrase }),
    ...(tools === '' ? {} : { tools }),
  };
}

/** The database that a draft is about. `own`: that of the environment. */
export const databaseOf = (
  { mode, newName, existingName }: Pick<RestoreDraft, 'mode' | 'newName' | 'existingName'>,
  own: string,
): string => (mode === 'new' ? newName : (existingName ?? own));

/** What has to be said before there can be a plan; undefined: nothing. */
export function lacking(options: Pick<RestoreOptions, 'database' | 'only'>): string | undefined {
  if (options.database === '') return 'Give the database a name.';
  if (bytesOf(options.database) > longestName)
    return `The name is ${bytesOf(options.database)} bytes long; PostgreSQL takes ${longestName}.`;
  if (options.only?.length === 0) return 'Choose at least one entry of the backup.';
  return undefined;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** By path of the backup, without their passphrases: closing the dialog by mistake loses nothing. */
const kept = new Map<string, RestoreDraft>();

export const keptDraft = (path: string): RestoreDraft | undefined => kept.get(path);
export const keepDraft = (path: string, draft: RestoreDraft): void =>
  void kept.set(path, { ...draft, passphrase: '' });
export const dropDraft = (path: string): void => void kept.delete(path);
