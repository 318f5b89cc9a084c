import pg from 'pg';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { RunProgress } from '../../../preload/contract/migrations.ts';
import { masked } from '../../lib/mask.ts';
import { sleep } from '../../lib/sleep.ts';
import { serverWords } from '../../servers/index.ts';
import { linesBefore, placeOf } from '../../sql-text/index.ts';
import { explanationOf } from '../problem.ts';
import type { GolangMigrateState } from '../tools/golang-migrate.ts';
import { happened } from '../tools/shared/entries.ts';
import { placeAt, placesIn, type ReadyUnit } from './analysis.ts';
import { type ReadyStep, readBoth } from './plan.ts';
import { Refusal } from './refusal.ts';
import { isLoss, type RunNeeds, type RunSession, sqlstateOf, UnitFailure } from './session.ts';
import invalidIndexesSql from './sql/invalid-indexes.sql?raw';
import sessionThereSql from './sql/session-there.sql?raw';
import type { RunTarget, StatePlace } from './state-place.ts';

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
  const inner = error instanceof UnitFailure ? error.cause : error;
  const lost = session.isLost() || (isLoss(inner) && !(inner instanceof Refusal));
  const isCancelled = signal.aborted && sqlstateOf(inner) === '57014';
  const where = error instanceof UnitFailure ? placeIn(error) : undefined;
  const left = await stateAfter(facts, lost);
  const invalid = step.ready?.parts.some(({ concurrent }) => concurrent)
    ? await facts.needs.query<{ name: string }>(invalidIndexesSql).catch(() => [])
    : [];
  return {
    kind: 'failed',
    id: step.migration.id,
    file: step.file ?? '',
    line: where?.line ?? null,
    statement: where ? masked(where.statement) : null,
    problem: problemOf(facts, inner, { lost, isCancelled, line: where?.line }),
    state: left.said,
    waysOut: [
      ...invalid.map(
        ({ name }) => `The index ${name} is invalid and does no good: DROP INDEX CONCURRENTLY ${name};`,
      ),
      ...left.waysOut,
    ].map((said) => ({ said, act: null })),
  };
}

/** By the position that the server tells; else by how many statements it had carried out. */
function placeIn({ cause, unit, done }: UnitFailure): { line: number; statement: string } | undefined {
  const position = cause instanceof pg.DatabaseError ? Number(cause.position ?? 0) : 0;
  const offset = position > 0 ? placeOf(unit.text, position - 1) : undefined;
  const place = placeAt(unit, offset === undefined ? done : indexAt(unit, offset));
  const line = offset === undefined ? place?.line : unit.line + linesBefore(unit.text, offset);
  if (line === undefined) return undefined;
  const statement = place ? unit.text.slice(place.start, place.end) : '';
  return { line, statement: statement.length > 4000 ? `${statement.slice(0, 4000)} …` : statement };
}

/** The statement that a place in the text belongs to. */
function indexAt(unit: ReadyUnit, offset: number): number {
  let index = 0;
  while (index + 1 < placesIn(unit) && (unit.places[(index + 1) * 3] ?? 0) <= offset) index += 1;
  return index;
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

interface Left {
  said: string;
  waysOut: string[];
}

/** What the tool's table says now, and what that means for what was run. */
async function stateAfter(facts: FailureFacts, lost: boolean): Promise<Left> {
  const { needs, session } = facts;
  for (let look = 0; look < (lost ? looks.count : 1); look += 1) {
    if (look) await sleep(looks.pauseMs);
    try {
      const at = lost ? (await needs.query(sessionThereSql, [session.pid])).length > 0 : false;
      if (at && look < looks.count - 1) continue;
      const left =
        facts.target.tool.id === 'golang-migrate'
          ? await golangLeft(facts, lost)
          : await rowLeft(facts, lost);
      if (at) left.said = `The server is still at work on it, as process ${session.pid}. ${left.said}`;
      return left;
    } catch {
      // The server is not back yet, or the table can't be read.
    }
  }
  return {
    said: 'What state it is in is not known: the tool’s table could not be read afterwards.',
    waysOut: ['Look at the migrations again as soon as the server answers; run nothing before.'],
  };
}

async function golangLeft({ target, place, needs, step, piece }: FailureFacts, lost: boolean): Promise<Left> {
  const { state, folder } = await readBoth(target, { ...place, isThere: true }, needs.query);
  const row = (state as GolangMigrateState).rows[0];
  const own = step.target ?? '-1';
  const force = (version: string): string => `force ${version === '-1' ? '-1 (no version)' : version}`;
  if (!row?.dirty) {
    return {
      said: `golang-migrate is at ${row ? `version ${row.version}` : 'no version'}, clean.`,
      waysOut: [
        row?.version === own || (!row && step.target === null)
          ? 'The step came to its end after all: go on from there.'
          : 'Nothing of the step was run: mend what stood in its way and run again.',
      ],
    };
  }
  const at = folder.migrations.findIndex(({ id }) => id === step.migration.id);
  const before = step.direction === 'up' ? (folder.migrations[at - 1]?.id ?? '-1') : step.migration.id;
  const undone = !lost && step.ready?.parts.every((part) => part.undone) === true;
  return {
    said: `golang-migrate is dirty at version ${row.version}: it goes no further until a version is forced.`,
    waysOut:
      piece === 'state'
        ? [
            `Look whether the file’s changes are there: then ${force(own)}; else ${force(before)} and run it again.`,
          ]
        : undone
          ? [
              `Nothing of the file is in the database: the server ran it in one transaction and undid it. Mend it, ${force(before)}, and run it again.`,
            ]
          : [
              'Look what of the file is in the database: it does not run in one transaction, or how it ended is not known.',
              `If nothing of it is there, or once you have cleaned up: ${force(before)} and run it again.`,
              `If all of it is there: ${force(own)}.`,
            ],
  };
}

async function rowLeft({ target, place, needs, step }: FailureFacts, lost: boolean): Promise<Left> {
  const { reading } = await readBoth(target, { ...place, isThere: true }, needs.query);
  const { id, name } = step.migration;
  const entry = reading.entries.find((one) => one.id === id);
  const isApplied = entry !== undefined && happened(entry.state);
  const recorded = `${name} is recorded as ${isApplied ? 'applied' : 'not applied'}`;
  const isAsBefore = isApplied === (step.direction === 'down');
  if (!isAsBefore)
    return {
      said: `${recorded}: the step came to its end, or as far as its record.`,
      waysOut: lost
        ? ['Go on from there.']
        : [`Look what of ${step.file} is in the database; a part of it was carried out and recorded.`],
    };
  const undone = step.ready?.parts.every((part) => part.undone) === true;
  const own = step.ready?.parts.every(({ transaction }) => transaction === 'own') === true;
  return undone && own
    ? {
        said: `${recorded}, and nothing of the file is in the database: it was undone as a whole.`,
        waysOut: ['Mend it and run it again.'],
      }
    : {
        said: `${recorded}. What of the file ran before the failure is in the database, because it does not run in one transaction.`,
        waysOut: [
          'Clean up what is there, or make the file pass over it, and run it again.',
          `If all of it is there, mark it as ${step.direction === 'up' ? 'applied' : 'not applied'}.`,
        ],
      };
}
