import type pg from 'pg';
import type { DryRunProgress, RunAction, RunProgress } from '../../../preload/contract/migration-runs.ts';
import { prepare } from '../run/plan.ts';
import { runMigrations } from '../run/run.ts';
import type { RunNeeds } from '../run/session.ts';
import type { RunTarget } from '../run/state-place.ts';
import { takesBack } from '../run/steps.ts';
import type { StateQuery, StateTable } from '../tool.ts';
import { type Copy, type CopyNeeds, type CopyOptions, makeCopy } from './copy.ts';
import { type LockWatch, watchLocks } from './lock-watch.ts';

export type Report = Extract<DryRunProgress, { kind: 'report' }>;

export interface DryRunOptions extends Omit<CopyOptions, 'tables' | 'onStep'> {
  target: RunTarget;
  action: RunAction;
  tell(progress: DryRunProgress): void;
}

/** Nobody else works on the copy: whoever waits there waits for themselves. ms. */
const lockTimeoutMs = 4000;
const steps = 4;

/**
 * Runs migrations on a copy of an environment's structure and reports times, locks and what they change. The environment
 * is only read; the copy is gone in the end.
 *
 * @throws {Refusal}, NOT_CONNECTED, INVALID, the signal's reason
 */
export async function dryRun(needs: CopyNeeds, options: DryRunOptions): Promise<Report> {
  const { target, action, signal, tell } = options;
  const tables: StateTable[] = target.table ? [target.table] : [];
  let done = 0;
  const onStep = (step: string): void => tell({ kind: 'step', step, done, total: steps });
  const copy = await makeCopy(needs, { ...options, tables, onStep });
  try {
    done = 1;
    onStep('Reading the copy');
    const before = await copy.read(signal);
    done = 2;
    onStep('Running the migrations on the copy');
    const { ran, problem } = await runOn(copy, target, action, signal, tell);
    done = 3;
    onStep('Comparing');
    const after = await copy.read(signal);
    const differences = await needs.models.compare(after, before, signal);
    return {
      kind: 'report',
      steps: ran,
      copyOf: copy.said,
      unlike: copy.unlike,
      differences,
      ...(problem ? { problem } : {}),
    };
  } finally {
    await copy.close();
  }
}

async function runOn(
  copy: Copy,
  target: RunTarget,
  action: RunAction,
  signal: AbortSignal,
  tell: DryRunOptions['tell'],
): Promise<{ ran: Report['steps']; problem: Report['problem'] }> {
  const watcher = await copy.connect();
  const looker = await copy.connect();
  // Only the role that logged in may cancel what runs, not the one that sessions work as.
  await looker.query('SET ROLE NONE');
  const ran: Report['steps'] = [];
  let problem: Report['problem'];
  let watch: LockWatch | undefined;
  let current: { id: string; from: number } | undefined;
  const endStep = (): void => {
    if (!current) return;
    const ms = Math.round(performance.now() - current.from);
    ran.push({ id: current.id, ms, locks: (watch?.take() ?? []).filter(isNotState(target)) });
    current = undefined;
  };
  const query: StateQuery = async <Row>(sql: string, values?: unknown[]) =>
    (values ? await looker.query(sql, values) : await looker.query(sql)).rows as Row[];
  const needs: RunNeeds = {
    lend: async () => {
      const client = await copy.connect();
      watch = watchLocks(watcher, { pid: (client as pg.Client & { processID: number }).processID });
      lookBeforeCommit(client, watch);
      return { client, pooled: false };
    },
    query,
  };
  const onProgress = (progress: RunProgress): void => {
    if (progress.kind === 'step' || progress.kind === 'failed' || progress.kind === 'finished') endStep();
    if (progress.kind === 'step') {
      watch?.take();
      current = { id: progress.id, from: performance.now() };
    }
    if (progress.kind === 'failed') {
      const where = progress.file
        ? ` ${progress.file}${progress.line === null ? '' : `:${progress.line}`}.`
        : '';
      // Ways out of the state it left are not for a copy.
      problem = { ...progress.problem, why: `${progress.problem.why}${where}` };
    }
    tell({ kind: 'run', progress });
  };
  try {
    const { plan, order } = await prepare(target, action, query, { signal });
    if (plan.steps.length)
      await runMigrations(needs, target, {
        action,
        token: plan.token,
        way: takesBack(order, action) ? 'back' : 'forward',
        lockTimeoutMs,
        retries: 0,
        signal,
        tell: onProgress,
      });
    signal.throwIfAborted();
    return { ran, problem };
  } finally {
    await watch?.stop();
    await Promise.all([watcher, looker].map((client) => client.end().catch(() => undefined)));
  }
}

/** Locks of a transaction are all there at its end, however short it was. */
function lookBeforeCommit(client: pg.Client, watch: LockWatch): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = (async (...given: unknown[]) => {
    if (given[0] === 'COMMIT' && client.getTransactionStatus() === 'T')
      await watch.look({ query } as unknown as pg.Client);
    return await query(...given);
  }) as typeof client.query;
}

/** The tool's own table is written with each step, which is no news. */
const isNotState =
  ({ table }: RunTarget) =>
  ({ on }: { on: string }): boolean =>
    table === undefined || (!on.endsWith(`.${table.name}`) && !on.endsWith(`.${table.name}_pkey`));
