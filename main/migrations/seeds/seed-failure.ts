import pg from 'pg';
import type { RunProgress, WayOut } from '../../../preload/contract/migration-runs.ts';
import { masked } from '../../lib/mask.ts';
import { serverWords } from '../../servers/index.ts';
import { explanationOf } from '../problem.ts';
import { placeIn } from '../run/place-in.ts';
import { Refusal } from '../run/refusal.ts';
import { innerOf } from '../run/retries.ts';
import { isLoss, sqlstateOf, UnitFailure } from '../run/session.ts';

/** What became of the file that failed. */
export type Left = 'undone' | 'unsure' | 'partly' | 'unknown';

/** What failed and where, and what is left of the file. */
export async function seedFailure(
  file: string,
  error: unknown,
  { left, isCancelled }: { left: Left; isCancelled: boolean },
): Promise<Extract<RunProgress, { kind: 'failed' }>> {
  const inner = innerOf(error);
  const where = error instanceof UnitFailure ? await placeIn(error) : undefined;
  const sqlstate = sqlstateOf(inner);
  const at = `${file}${where ? `, line ${where.line},` : ''}`;
  const server = serverWords(inner);
  const words = server ? { server: { ...server, message: masked(server.message) } } : {};
  const isLost = error instanceof UnitFailure && isLoss(inner);
  const problem = isCancelled
    ? {
        cause: 'cancelled',
        what: `${at} was cancelled.`,
        why: 'You stopped the run, and the server ended the statement.',
        next: 'Run it again when you want it.',
        ...words,
      }
    : isLost
      ? {
          cause: 'connection-lost',
          what: `The connection was lost while ${at} ran.`,
          why: 'The server, or the way to it, went away before it had answered.',
          next: 'Look what of the file is there before you run it again.',
          ...words,
        }
      : inner instanceof pg.DatabaseError
        ? {
            cause: sqlstate === '55P03' ? 'lock-timeout' : 'statement-failed',
            what: `${at} failed${sqlstate ? ` with SQLSTATE ${sqlstate}` : ''}.`,
            why: masked(inner.message),
            next:
              sqlstate === '55P03'
                ? 'See on the activity screen who holds the lock, and run it again.'
                : 'Mend the file, or what it runs into, and run it again.',
            ...words,
          }
        : inner instanceof Refusal
          ? inner.explanation
          : explanationOf(inner);
  return {
    kind: 'failed',
    id: file,
    file,
    line: where?.line ?? null,
    statement: where ? masked(where.statement) : null,
    problem,
    ...says[left](file),
  };
}

const says: Record<Left, (file: string) => { state: string; waysOut: WayOut[] }> = {
  undone: (file) => ({
    state: `${file} is recorded as not run, and nothing of it is in the database: it was undone as a whole.`,
    waysOut: [again('Mend it and run it again; files before it stay as they ran.')],
  }),
  unsure: (file) => ({
    state: `${file} is recorded as not run. It ran in one transaction, which was undone, unless the file itself ended it before.`,
    waysOut: [
      inspect(file, 'Look whether a part of it is there.'),
      again('Mend it and run it again.'),
      mark(file),
    ],
  }),
  partly: (file) => ({
    state: `${file} is recorded as not run. It does not run in one transaction, so that what ran before the failure is in the database.`,
    waysOut: [
      inspect(file, 'Look what of it is there.'),
      again('Take away what is there, or make the file pass over it, and run it again.'),
      mark(file),
    ],
  }),
  unknown: (file) => ({
    state: `${file} is recorded as not run. Whether the server had carried it out when the connection was lost is not known.`,
    waysOut: [
      inspect(file, 'Look whether its rows are there.'),
      again('Only if they are not, run it again.'),
      mark(file),
    ],
  }),
};

const again = (said: string): WayOut => ({ said, act: { kind: 'again' } });
const inspect = (id: string, said: string): WayOut => ({ said, act: { kind: 'inspect', id } });
const mark = (id: string): WayOut => ({
  said: 'If all of it is there, note that it has run.',
  act: { kind: 'mark', id },
});
