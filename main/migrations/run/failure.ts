import pg from 'pg';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { masked } from '../../lib/mask.ts';
import { sleep } from '../../lib/sleep.ts';
import { serverWords } from '../../servers/index.ts';
import { explanationOf } from '../problem.ts';
import { placeIn } from './place-in.ts';
import type { ReadyStep } from './ready-step.ts';
import { Refusal } from './refusal.ts';
import { innerOf } from './retries.ts';
import { isLoss, type RunNeeds, type RunSession, sqlstateOf, UnitFailure } from './session.ts';
import sessionThereSql from './sql/session-there.sql?raw';
import type { RunTarget, StatePlace } from './state-place.ts';
import { invalidIndexes, type Left, readLeft, way } from './ways-out.ts';

type Failed = Extract<RunProgress, { kind: 'failed' }>;

export interface FailureFacts {
  needs: RunNeeds;
  target: RunTarget;
  session: RunSession;
  place: StatePlace;
  step: ReadyStep;
  /** Whether it was the file, or the tool's own table. */
  piece: 'state' | 'body';
  error: unknown;
  signal: AbortSignal;
}

/** How often the state is asked for after a loss, and with which pause: the server may be starting again. */
const looks = { count: 6, pauseMs: 500 };

/** What failed and where, the state that it left behind, as it was read afterwards, and the ways out. */
export async function explainFailure(facts: FailureFacts): Promise<Failed> {
  const { step, error, session, signal } = facts;
  const inner = innerOf(error);
  const lost = session.isLost() || (isLoss(inner) && !(inner instanceof Refusal));
  const isCancelled = signal.aborted && sqlstateOf(inner) === '57014';
  const where = error instanceof UnitFailure ? await placeIn(error) : undefined;
  const left = await stateAfter(facts, lost);
  const isConcurrent = step.ready?.parts.some(({ concurrent }) => concurrent) === true;
  return {
    kind: 'failed',
    id: step.migration.id,
    file: step.file ?? '',
    line: where?.line ?? null,
    statement: where ? masked(where.statement) : null,
    problem: problemOf(facts, inner, { lost, isCancelled, line: where?.line }),
    state: left.said,
    waysOut: [
      ...(isConcurrent ? await invalidIndexes(facts.needs, lost ? 0 : session.pid) : []),
      ...left.waysOut,
    ],
  };
}

function problemOf(
  { step, piece, place, target, session }: FailureFacts,
  error: unknown,
  { lost, isCancelled, line }: { lost: boolean; isCancelled: boolean; line: number | undefined },
): Explanation {
  if (error instanceof Refusal) return error.explanation;
  const server = serverWords(error);
  const at = `${step.file ?? step.migration.name}${line === undefined ? '' : `, line ${line},`}`;
  const words = server ? { server: { ...server, message: masked(server.message) } } : {};
  if (isCancelled)
    return {
      cause: 'cancelled',
      what: `${at} was cancelled.`,
      why: 'You stopped the run, and the server ended the statement.',
      next: 'See below what state that leaves.',
      ...words,
    };
  if (lost)
    return {
      cause: 'connection-lost',
      what: `The connection was lost while ${at} ran.`,
      why: 'The server, or the way to it, went away before it had answered.',
      next: 'See below what was found afterwards, before you run anything again.',
      ...words,
    };
  if (piece === 'state' && !(error instanceof UnitFailure))
    return {
      cause: 'state-not-written',
      what: `${target.tool.title}’s table "${place.table.schema}.${place.table.name}" could not be written for ${step.migration.name}.`,
      why: server?.message ?? String(error),
      next:
        sqlstateOf(error) === '42501'
          ? 'Run it as the table’s owner, or have the owner grant INSERT, DELETE and, for golang-migrate, TRUNCATE on it.'
          : 'See what the server says, and who else uses the table.',
      ...words,
    };
  if (!(error instanceof pg.DatabaseError)) return explanationOf(error);
  const sqlstate = sqlstateOf(error);
  return {
    cause: sqlstate === '55P03' ? 'lock-timeout' : 'statement-failed',
    what: `${at} failed${sqlstate ? ` with SQLSTATE ${sqlstate}` : ''}.`,
    why: masked(error.message),
    next:
      sqlstate === '55P03'
        ? `Process ${session.pid} did not get a lock in time: see on the activity screen who holds it, and run again.`
        : 'Mend the file, or what it runs into, and run again.',
    ...words,
  };
}

/** The state as it is found, once the server can be asked. */
async function stateAfter(facts: FailureFacts, lost: boolean): Promise<Left> {
  const { needs, session } = facts;
  for (let look = 0; look < (lost ? looks.count : 1); look += 1) {
    if (look) await sleep(looks.pauseMs);
    try {
      const at = lost ? (await needs.query(sessionThereSql, [session.pid])).length > 0 : false;
      if (at && look < looks.count - 1) continue;
      const left = await readLeft({ ...facts, lost });
      if (at) left.said = `The server is still at work on it, as process ${session.pid}. ${left.said}`;
      return left;
    } catch {
      // The server is not back yet, or the table can't be read.
    }
  }
  return {
    said: 'What state it is in is not known: the tool’s table could not be read afterwards.',
    waysOut: [way('Look at the migrations again as soon as the server answers; run nothing before.')],
  };
}
