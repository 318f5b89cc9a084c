import type { RunAction, RunProgress } from '../../../preload/contract/migrations.ts';
import { sleep } from '../../lib/sleep.ts';
import { placeAt, type ReadyUnit } from './analysis.ts';
import { explainFailure } from './failure.ts';
import { takeLock } from './lock.ts';
import { prepare, type Ready, type ReadyStep, refuseBroken } from './plan.ts';
import { openRecords, type Records } from './record.ts';
import { refuse } from './refusal.ts';
import { openRunSession, type RunNeeds, type RunSession, sqlstateOf, UnitFailure } from './session.ts';
import { type RunTarget, statePlace } from './state-place.ts';
import { createTable } from './state-rows.ts';
import type { StepRunner } from './step-runner.ts';
import { takesBack } from './steps.ts';
import { runGolangMigrate } from './tools/golang-migrate.ts';
import { runRecorded } from './tools/recorded.ts';

export interface RunOptions {
  action: RunAction;
  /** Of the plan that was seen. */
  token: string;
  /** `forward` refuses what takes something back, `back` refuses what doesn't. */
  way: 'forward' | 'back';
  lockTimeoutMs: number;
  /** How often a piece that did not get a lock in time is tried again. */
  retries: number;
  /** How long somebody else who migrates is waited for; 60 s unless given. */
  lockWaitMs?: number;
  signal: AbortSignal;
  tell(progress: RunProgress): void;
}

export interface RunOutcome {
  /** Steps that were carried out whole. */
  ran: number;
  cancelled: boolean;
  failed: Extract<RunProgress, { kind: 'failed' }> | undefined;
  from: string;
  /** What was planned; with `failed`, or cancelled, the way was not gone to its end. */
  to: string;
}

/** Statements of one unit that are told one by one. */
const toldStatements = 2000;
/** Before another try: somebody else may get the lock meanwhile. Doubled each time, and never the same. ms. */
const pauseMs = { first: 250, most: 8000 };

/**
 * Runs migrations as their tool would: same texts, transactions, rows and lock, so that either can go on where the other
 * stopped. A step that fails ends the run and leaves exactly what the tool would leave.
 *
 * @throws {Refusal} before anything is changed; NOT_CONNECTED, the server's error
 */
export async function runMigrations(
  needs: RunNeeds,
  target: RunTarget,
  options: RunOptions,
): Promise<RunOutcome> {
  const { signal, tell } = options;
  const from = performance.now();
  let outcome: RunOutcome;
  try {
    outcome = await runInSession(needs, target, options);
  } catch (error) {
    // Before the first step a cancelled run leaves nothing.
    if (!signal.aborted || error !== signal.reason) throw error;
    outcome = stoppedBefore;
  }
  const { ran, cancelled } = outcome;
  tell({ kind: 'finished', ran, ms: Math.round(performance.now() - from), cancelled });
  return outcome;
}

const stoppedBefore: RunOutcome = { ran: 0, cancelled: true, failed: undefined, from: '', to: '' };

async function runInSession(needs: RunNeeds, target: RunTarget, options: RunOptions): Promise<RunOutcome> {
  const { signal, tell } = options;
  const session = await openRunSession(needs, options);
  try {
    const place = await statePlace(target, session.query);
    const waiting = { waitMs: options.lockWaitMs ?? 60_000, signal, tell };
    const lock = await takeLock(session, target, place, waiting);
    if (!lock) return stoppedBefore;
    try {
      const ready = await prepare(target, options.action, session.query, { signal, toRun: true });
      check(ready, options);
      const records = openRecords(session, target, ready.place, ready.state, ready.standing.migrations);
      for (const { migration, direction } of ready.steps)
        if (direction === 'up') await records.check(migration);
      if (ready.steps.length) await createTable(session, ready.place);
      return await runSteps(needs, target, session, ready, records, options);
    } finally {
      if (!session.isLost()) await lock.release().catch(() => undefined);
    }
  } finally {
    await session.end();
  }
}

/** @throws {Refusal} when it is not what was seen */
function check({ plan, steps, order }: Ready, { action, token, way }: RunOptions): void {
  if (steps.length && takesBack(order, action) !== (way === 'back'))
    refuse({
      cause: 'wrong-way',
      what: way === 'back' ? 'That goes forward.' : 'That takes migrations back.',
      why: `From ${order.from} it leads to ${order.to}.`,
      next:
        way === 'back' ? 'Apply it instead of reverting.' : 'Revert instead of applying: it asks for more.',
    });
  if (plan.token !== token)
    refuse({
      cause: 'plan-changed',
      what: 'What would run now is not what you have seen.',
      why: 'Files, or what is applied in the database, have changed since the plan was made.',
      next: 'Look at the new plan and start again. Nothing was run.',
    });
  refuseBroken(steps);
}

async function runSteps(
  needs: RunNeeds,
  target: RunTarget,
  session: RunSession,
  ready: Ready,
  records: Records,
  options: RunOptions,
): Promise<RunOutcome> {
  const { signal, tell } = options;
  const { steps, place, order } = ready;
  const run: StepRunner = target.tool.id === 'golang-migrate' ? runGolangMigrate : runRecorded;
  const outcome: RunOutcome = { ran: 0, cancelled: false, failed: undefined, from: order.from, to: order.to };
  for (const [done, step] of steps.entries()) {
    if (signal.aborted) return { ...outcome, cancelled: true };
    const { id, name } = step.migration;
    tell({ kind: 'step', id, name, done, total: steps.length });
    let piece: 'state' | 'body' = 'state';
    try {
      await run(
        {
          session,
          place,
          records,
          send: (unit) => session.send(unit, tellStatement(step, unit, tell)),
          again: async (which, undone, work) => {
            piece = which;
            await withRetries(step, undone, work, options);
          },
        },
        step,
      );
      outcome.ran += 1;
    } catch (error) {
      outcome.failed = await explainFailure({ needs, target, session, place, step, piece, error, signal });
      outcome.cancelled = signal.aborted;
      tell(outcome.failed);
      return outcome;
    }
  }
  return outcome;
}

function tellStatement({ migration: { id } }: ReadyStep, unit: ReadyUnit, tell: RunOptions['tell']) {
  return (index: number, state: 'begun' | 'done', ms?: number): void => {
    if (index >= toldStatements) return;
    const { line, text } = textAt(unit, index);
    if (text === '') return;
    tell({ kind: 'statement', id, line, text, state, ...(ms === undefined ? {} : { ms: Math.round(ms) }) });
  };
}

function textAt(unit: ReadyUnit, index: number): { line: number; text: string } {
  const place = placeAt(unit, index);
  if (!place) return { line: unit.line, text: '' };
  return { line: place.line, text: unit.text.slice(place.start, Math.min(place.end, place.start + 2000)) };
}

/** SQLSTATE 55P03: it waited for a lock for as long as it may. Others got through meanwhile, and it may get it now. */
async function withRetries(
  step: ReadyStep,
  undone: boolean,
  work: () => Promise<void>,
  { retries, signal, tell }: RunOptions,
): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      const inner = error instanceof UnitFailure ? error.cause : error;
      if (sqlstateOf(inner) !== '55P03' || !undone || tried >= retries || signal.aborted) throw error;
      const at = error instanceof UnitFailure ? textAt(error.unit, error.done) : { line: 1, text: '' };
      tell({ kind: 'statement', id: step.migration.id, ...at, state: 'retry' });
      const pause = Math.min(pauseMs.first * 2 ** tried, pauseMs.most);
      await sleep(pause * (0.5 + Math.random()), signal);
      if (signal.aborted) throw error;
    }
  }
}
