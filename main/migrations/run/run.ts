import type { RunAction, RunProgress } from '../../../preload/contract/migration-runs.ts';
import { explainFailure } from './failure.ts';
import { takeLock } from './lock.ts';
import { prepare, type Ready, refuseBroken } from './plan.ts';
import type { ReadyStep } from './ready-step.ts';
import { type ReadyUnit, statementAt } from './ready-unit.ts';
import { openRecords, type Records } from './record.ts';
import { refuse } from './refusal.ts';
import { withRetries } from './retries.ts';
import { openRunSession, type RunNeeds, type RunSession, UnitFailure } from './session.ts';
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
/** Bytes of a statement that are told. */
const toldLength = 2000;

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
      const { place, state, standing, steps } = ready;
      const records = openRecords(session, target, place, state, standing.migrations, async ({ id }) => {
        const step = steps.find(({ migration, direction }) => migration.id === id && direction === 'up');
        const digests = step?.ready?.digests;
        if (!digests) throw new Error(`${id} was not read.`);
        return digests;
      });
      for (const { migration, direction } of steps) if (direction === 'up') await records.check(migration);
      if (steps.length) await createTable(session, place);
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
            const retry = { undone, retries: options.retries, signal, onRetry: tellRetry(step, tell) };
            await withRetries(retry, () => session.guarded(work, which === 'state'));
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
    const shown = statementAt(unit, index, toldLength);
    if (!shown?.text) return;
    tell({ kind: 'statement', id, ...shown, state, ...(ms === undefined ? {} : { ms: Math.round(ms) }) });
  };
}

function tellRetry({ migration: { id } }: ReadyStep, tell: RunOptions['tell']) {
  return (error: unknown): void => {
    const shown = error instanceof UnitFailure ? statementAt(error.unit, error.done, toldLength) : undefined;
    tell({ kind: 'statement', id, ...(shown ?? { line: 1, text: '' }), state: 'retry' });
  };
}
