import pg from 'pg';
import type { RunProgress } from '../../../preload/contract/migrations.ts';
import { masked } from '../../lib/mask.ts';
import { serverWords } from '../../servers/index.ts';
import { linesBefore, placeOf } from '../../sql-text/index.ts';
import { explanationOf } from '../problem.ts';
import { placeAt, placesIn } from '../run/analysis.ts';
import { Refusal } from '../run/refusal.ts';
import { isLoss, sqlstateOf, UnitFailure } from '../run/session.ts';

/** Characters of a statement that are quoted. */
const quotedLength = 4000;

/** What became of the file that failed. */
export type Left = 'undone' | 'unsure' | 'partly' | 'unknown';

/** What failed and where, and what is left of the file. */
export function seedFailure(
  file: string,
  error: unknown,
  { left, isCancelled }: { left: Left; isCancelled: boolean },
): Extract<RunProgress, { kind: 'failed' }> {
  const inner = error instanceof UnitFailure ? error.cause : error;
  const where = error instanceof UnitFailure ? placeIn(error) : undefined;
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
    waysOut: says[left](file).waysOut.map((said) => ({ said, act: null })),
  };
}

const says: Record<Left, (file: string) => { state: string; waysOut: string[] }> = {
  undone: (file) => ({
    state: `${file} is recorded as not run, and nothing of it is in the database: it was undone as a whole.`,
    waysOut: ['Mend it and run it again; files before it stay as they ran.'],
  }),
  unsure: (file) => ({
    state: `${file} is recorded as not run. It ran in one transaction, which was undone, unless the file itself ended it before.`,
    waysOut: ['Look whether a part of it is there, mend it, and run it again.'],
  }),
  partly: (file) => ({
    state: `${file} is recorded as not run. It does not run in one transaction, so that what ran before the failure is in the database.`,
    waysOut: ['Take away what is there, or make the file pass over it, and run it again.'],
  }),
  unknown: (file) => ({
    state: `${file} is recorded as not run. Whether the server had carried it out when the connection was lost is not known.`,
    waysOut: ['Look whether its rows are there; only if they are not, run it again.'],
  }),
};

/** By the position that the server tells; else by how many statements it had carried out. */
function placeIn({ cause, unit, done }: UnitFailure): { line: number; statement: string } | undefined {
  const position = cause instanceof pg.DatabaseError ? Number(cause.position ?? 0) : 0;
  const offset = position > 0 ? placeOf(unit.text, position - 1) : undefined;
  let place = placeAt(unit, done);
  if (offset !== undefined)
    for (let index = 0; index < placesIn(unit); index += 1) {
      const one = placeAt(unit, index);
      if (!one || one.start > offset) break;
      place = one;
    }
  if (!place) return undefined;
  const line = offset === undefined ? place.line : unit.line + linesBefore(unit.text, offset);
  const statement = unit.text.slice(place.start, Math.min(place.end, place.start + quotedLength));
  return { line, statement: place.end - place.start > quotedLength ? `${statement} …` : statement };
}
