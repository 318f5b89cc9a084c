import { Explained } from '../../lib/explained.ts';
import { serverWords } from '../../servers/index.ts';
import type { RunProgramResult } from '../types.ts';
import type { RestoreErrors } from './restore-errors.ts';
import { CutScript, ForeignScript } from './script-stream.ts';

/** The backup could not be restored into the database that was filled. */
export class FillFailure extends Explained {
  override name = 'FillFailure';
}

/** Puts into words why the programs did not come through. @param what their result, or what was thrown */
export function failureOf(what: unknown, errors: RestoreErrors): FillFailure {
  errors.end();
  const groups = [...errors.groups.values()];
  const worst = groups.find(({ harmless }) => !harmless) ?? groups[0];
  if (worst) {
    const others = errors.count - worst.count;
    return new FillFailure({
      cause: worst.sqlstate === '53100' ? 'disk-full' : 'restore-errors',
      what:
        errors.count === 1
          ? 'The server refused a part of the backup.'
          : `The server refused ${errors.count} parts of the backup.`,
      why: `${worst.cause}${worst.count > 1 ? `, ${worst.count} times` : ''}${others > 0 ? `, and ${others} other${others === 1 ? '' : 's'}` : ''}.`,
      next: 'The first error of each cause is in the list; mend the causes, or choose what is restored.',
      server: {
        message: worst.first,
        ...(worst.sqlstate === null ? {} : { sqlstate: worst.sqlstate }),
      },
    });
  }
  if (what instanceof CutScript)
    return new FillFailure({
      cause: 'backup-cut',
      what: 'The backup is not complete.',
      why: what.message,
      next: 'Take another backup; this one was cut off, or changed while it was read.',
    });
  if (what instanceof ForeignScript)
    return new FillFailure({
      cause: 'foreign-commands',
      what: 'The dump holds commands for psql that no dump has.',
      why: what.message,
      next: 'Look into the file, and restore it only once you know where it comes from.',
    });
  if (isResult(what)) {
    const last = what.errors.slice(-5).join('\n');
    return new FillFailure({
      cause: what.isHung ? 'program-hangs' : 'program-failed',
      what: what.isHung
        ? 'The restore did not move any more and was ended.'
        : what.signal
          ? `The program was ended by ${what.signal}.`
          : `The program ended with code ${what.code}.`,
      why: last || 'It said nothing.',
      next: what.isHung
        ? 'Verify the backup: pg_restore finds no end in an archive that was cut.'
        : 'Its last words are above; try again once the cause is mended.',
    });
  }
  return new FillFailure({
    cause: 'restore-failed',
    what: 'The restore failed.',
    why: what instanceof Error ? what.message : String(what),
    next: 'Try again once the cause is mended.',
  });
}

/** Of somebody's own script, which runs before anybody else can use the database. Other errors are given back. */
export function scriptFailed(error: unknown): unknown {
  const server = serverWords(error);
  if (!server?.sqlstate) return error;
  return new FillFailure({
    cause: 'script-failed',
    what: 'The SQL script after the restore failed.',
    why: server.message,
    next: 'Mend the script, then restore again: nobody has seen the database without it.',
    server,
  });
}

const isResult = (what: unknown): what is RunProgramResult =>
  typeof what === 'object' && what !== null && 'isHung' in what;
