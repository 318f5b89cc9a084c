import type { Explanation } from '../../../preload/contract/common.ts';
import { Explained } from '../../lib/explained.ts';

/** Why a backup is not begun, or has come to nothing. */
export class BackupFailure extends Explained {
  override name = 'BackupFailure';
}

/** What the system says when a file can't be written, in words. Undefined: it is no such error. */
export function diskProblem(error: unknown, path: string): Explanation | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : byCode[code];
  return (
    known && { ...known, what: `${path} can't be written.`, server: { message: message ?? '', system: code } }
  );
}

/**
 * What a program has said last before it ended, in words. A worker of pg_dump that loses the server says that it could
 * not lock its table, and nothing of the loss.
 */
export function programProblem(
  program: string,
  errors: readonly string[],
  { code, isServerGone }: { code: number | null; isServerGone: boolean },
): Explanation {
  const said = errors.filter((line) =>
    /error:|fatal:|detail:|hint:|query was|could not|terminated by/i.test(line),
  );
  const text = (said.length > 0 ? said : errors.slice(-3)).slice(-20).join('\n');
  const known = isServerGone ? gone : bySaying.find(([pattern]) => pattern.test(text))?.[1];
  return {
    cause: 'backup-program-failed',
    what: `The backup was not made: ${program} ended ${code === null ? 'before it was done' : `with code ${code}`}.`,
    why: 'Its own words say why.',
    next: 'Mend what it names, and start the backup again.',
    ...known,
    server: { message: text || 'It said nothing.' },
  };
}

type Words = Omit<Explanation, 'what'>;

const full: Words = {
  cause: 'disk-full',
  why: 'There is no space left where it is written.',
  next: 'Make room there, or choose another place.',
};

const gone: Words = {
  cause: 'connection-lost',
  why: 'The server, or the way to it, went away while it was at work.',
  next: 'Look at the server, then start the backup again.',
};

const byCode: Record<string, Words> = {
  ENOSPC: full,
  EDQUOT: { ...full, why: 'The quota of this account is used up there.' },
  EFBIG: { ...full, why: 'The file system takes no file as large as this.' },
  EROFS: { cause: 'target-read-only', why: 'The file system is read-only.', next: 'Choose another place.' },
  EACCES: {
    cause: 'target-read-only',
    why: 'This account may not write there.',
    next: 'Choose another place, or have the permission given.',
  },
  EPERM: {
    cause: 'target-read-only',
    why: 'The system does not permit it.',
    next: 'Choose another place, or have the permission given.',
  },
  ENOENT: {
    cause: 'folder-missing',
    why: 'Its folder is not there.',
    next: 'Make the folder, or choose another one.',
  },
  ENOTDIR: {
    cause: 'folder-missing',
    why: 'What should be its folder is a file.',
    next: 'Choose another place.',
  },
  EEXIST: {
    cause: 'target-exists',
    why: 'Something of that name is there already, and nothing is overwritten.',
    next: 'Choose another name.',
  },
  ENAMETOOLONG: {
    cause: 'name-too-long',
    why: 'The name is too long for the file system.',
    next: 'Choose a shorter one.',
  },
  EINVAL: {
    cause: 'name-impossible',
    why: 'The file system takes no such name.',
    next: 'Choose another name.',
  },
  EIO: {
    cause: 'disk-failing',
    why: 'The disk reports an error.',
    next: 'Look after the disk; choose another place.',
  },
};

const bySaying: readonly (readonly [RegExp, Partial<Explanation>])[] = [
  [/No space left on device|Disk quota exceeded/i, full],
  [
    /password authentication failed|no password supplied/i,
    {
      cause: 'password-wrong',
      why: 'The server refused the password; it may have been changed meanwhile.',
      next: "Give the environment the role's present password.",
    },
  ],
  [
    /server version mismatch/i,
    {
      cause: 'tools-too-old',
      why: 'The server is newer than the programs.',
      next: 'Install the programs of its version.',
    },
  ],
  [
    /no matching (tables|schemas|extensions) were found/i,
    {
      cause: 'backup-contents-missing',
      why: 'Something that was chosen is not in the database.',
      next: 'Look at the names: letters are folded to lower case unless the name stands in double quotes.',
    },
  ],
  [
    /canceling statement due to (lock|statement) timeout|could not obtain lock/i,
    {
      cause: 'lock-wait',
      why: 'A table was locked by another session for longer than it may wait.',
      next: 'Wait until that session has finished, end it, or give the backup more time for locks.',
    },
  ],
  [
    /row-level security/i,
    {
      cause: 'rows-hidden',
      why: 'A policy hides rows of a table from this role, and a backup without them would look whole.',
      next: "Use the table's owner, or a role with BYPASSRLS.",
    },
  ],
  [
    /permission denied/i,
    {
      cause: 'privilege-missing',
      why: 'The role may not read all that the backup is to hold.',
      next: 'Grant it pg_read_all_data (version 14 and later), or SELECT on what is named.',
    },
  ],
  [
    /too many (connections|clients)|remaining connection slots/i,
    {
      cause: 'sessions-exhausted',
      why: 'The server has no sessions left for it.',
      next: 'Use fewer jobs, or wait until others have finished.',
    },
  ],
  [
    /server closed the connection|terminating connection|connection to server was lost|could not receive data|no connection to the server/i,
    gone,
  ],
];
