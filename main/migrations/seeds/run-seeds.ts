import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import type { ReadyFile } from '../run/analysis.ts';
import { type FileThread, startFileThread } from '../run/file-thread.ts';
import { statementAt } from '../run/ready-unit.ts';
import { Refusal, refuse } from '../run/refusal.ts';
import { innerOf, withRetries } from '../run/retries.ts';
import {
  isLoss,
  openRunSession,
  type RunNeeds,
  type RunSession,
  sqlstateOf,
  UnitFailure,
} from '../run/session.ts';
import { inTransaction } from '../run/state-rows.ts';
import type { FolderView } from '../tool.ts';
import { type Left, seedFailure } from './seed-failure.ts';
import { seedFileLimit } from './seed-files.ts';
import type { SeedRun } from './seed-records.ts';

export interface SeedRunOptions {
  view: FolderView;
  /** Names, in the order in which they run. */
  files: readonly string[];
  /** What ran before, by name: the same content does not run again. */
  before: ReadonlyMap<string, SeedRun>;
  /** Called once a file's transaction has been committed. */
  onRun(file: string, run: SeedRun): void;
  lockTimeoutMs: number;
  /** How often a file that did not get a lock in time is tried again. */
  retries: number;
  signal: AbortSignal;
  tell(progress: RunProgress): void;
}

export interface SeedOutcome {
  ran: number;
  cancelled: boolean;
  failed: Extract<RunProgress, { kind: 'failed' }> | undefined;
}

/** Statements of one file that are told one by one. */
const toldStatements = 2000;
const toldLength = 2000;

/**
 * Runs files of seeds, each as one text in a transaction of its own; the first that fails ends the run. All of them are
 * looked at before the first is run.
 *
 * @throws {Refusal} before anything is run; FileProblem, NOT_CONNECTED
 */
export async function runSeedFiles(needs: RunNeeds, options: SeedRunOptions): Promise<SeedOutcome> {
  const { view, files, before, signal, tell } = options;
  const from = performance.now();
  const outcome: SeedOutcome = { ran: 0, cancelled: false, failed: undefined };
  const thread = startFileThread(signal);
  try {
    const due: string[] = [];
    for (const file of files) {
      const ready = await looked(thread, view, file, false);
      refuseBroken(file, ready);
      const run = before.get(file);
      if (run?.sha256 === ready.sha256)
        tell({ kind: 'notice', text: `${file} ran before and is as it was then: it is passed over.` });
      else due.push(file);
    }
    const session = await openRunSession(needs, options);
    try {
      for (const [done, file] of due.entries()) {
        if (signal.aborted) break;
        tell({ kind: 'step', id: file, name: file, done, total: due.length });
        const ready = await looked(thread, view, file, true);
        refuseBroken(file, ready);
        const failed = await runOne(session, file, ready, options);
        if (failed) {
          outcome.failed = failed;
          tell(failed);
          break;
        }
        options.onRun(file, { sha256: ready.sha256, ranAt: Date.now() });
        outcome.ran += 1;
      }
    } finally {
      await session.end();
    }
  } catch (error) {
    // Between two files a cancelled run leaves nothing half-done.
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await thread.close();
  }
  outcome.cancelled = signal.aborted;
  tell({
    kind: 'finished',
    ran: outcome.ran,
    ms: Math.round(performance.now() - from),
    cancelled: outcome.cancelled,
  });
  return outcome;
}

const looked = async (
  thread: FileThread,
  view: FolderView,
  file: string,
  withTexts: boolean,
): Promise<ReadyFile> =>
  await thread.look({
    // A file of seeds is run as a home-made migration is, only that nobody keeps a table of it.
    tool: 'home-made',
    bytes: await view.bytes(file, seedFileLimit),
    direction: 'up',
    withTexts,
  });

function refuseBroken(file: string, { problems }: ReadyFile): void {
  const [problem] = problems;
  if (!problem) return;
  refuse({
    cause: 'file-refused',
    what: `${file}, line ${problem.line}, can’t be run.`,
    why: `It ${problem.what}${problems.length > 1 ? `; ${problems.length - 1} more of its lines have something like that` : ''}.`,
    next: 'Mend the file and run it again; files that ran before it stay.',
  });
}

/** Undefined when it was carried out. */
async function runOne(
  session: RunSession,
  file: string,
  { parts }: ReadyFile,
  { signal, tell, retries }: SeedRunOptions,
): Promise<Extract<RunProgress, { kind: 'failed' }> | undefined> {
  const undone = parts.every((part) => part.undone);
  const onRetry = (error: unknown): void => {
    const shown = error instanceof UnitFailure ? statementAt(error.unit, error.done, toldLength) : undefined;
    tell({ kind: 'statement', id: file, ...(shown ?? { line: 1, text: '' }), state: 'retry' });
  };
  try {
    await withRetries({ undone, retries, signal, onRetry }, async () => {
      for (const { units, transaction } of parts)
        for (const unit of units) {
          const send = (): Promise<void> =>
            session.send(unit, (index, state, ms) => {
              const shown = index < toldStatements ? statementAt(unit, index, toldLength) : undefined;
              if (!shown) return;
              const took = ms === undefined ? {} : { ms: Math.round(ms) };
              tell({ kind: 'statement', id: file, ...shown, state, ...took });
            });
          await session.guarded(
            () => (transaction === 'own' ? inTransaction(session, send) : alone(session, file, send)),
            false,
          );
        }
    });
    return undefined;
  } catch (error) {
    const inner = innerOf(error);
    const isLost = session.isLost() || (isLoss(inner) && !(inner instanceof Refusal));
    // A connection that goes away during the COMMIT leaves open what the server did of it.
    const own = parts.every(({ transaction }) => transaction === 'own');
    const left: Left = isLost ? 'unknown' : undone ? 'undone' : own ? 'unsure' : 'partly';
    return await seedFailure(file, error, {
      left,
      isCancelled: signal.aborted && (sqlstateOf(inner) === '57014' || sqlstateOf(inner) === '55P03'),
    });
  }
}

/** A file with transactions of its own must not end within one: nothing of the next may get into it. */
async function alone(session: RunSession, file: string, send: () => Promise<void>): Promise<void> {
  const isOpen = (): boolean => !session.isLost() && session.client.getTransactionStatus() !== 'I';
  try {
    await send();
    if (isOpen())
      refuse({
        cause: 'transaction-open',
        what: `${file} ends within a transaction that it began.`,
        why: 'It has a BEGIN without its COMMIT: what ran since was undone.',
        next: 'Write the COMMIT, or leave the BEGIN away, and run it again.',
      });
  } finally {
    if (isOpen()) await session.client.query('ROLLBACK').catch(() => undefined);
  }
}
