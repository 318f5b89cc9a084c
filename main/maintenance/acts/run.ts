import type {
  LeftoverIndex,
  MaintenanceAct,
  MaintenanceProgress,
  MaintenanceResult,
  RelationName,
} from '../../../preload/contract/maintenance.ts';
import { fail } from '../../lib/fail.ts';
import { sleep } from '../../lib/sleep.ts';
import type { ServerPool } from '../../servers/index.ts';
import { plural, qualified, shown } from '../names.ts';
import { readOperations } from '../operations/operations.ts';
import { openWorkSession, sqlstateOf, type WorkSession } from '../session.ts';
import { readLeftovers, readServer } from '../status/status.ts';
import { type Blocker, explainFailure } from './failure.ts';
import { readRelations, refusals } from './plan.ts';
import { actWords, statementOf } from './statements.ts';
import waitingSql from './waiting.sql?raw';

export interface ActOptions {
  /** Longest wait for a lock, ms. */
  lockTimeoutMs: number;
  /** Longest wait of a concurrent reindex for older snapshots, ms. */
  patienceMs: number;
  signal: AbortSignal;
  tell(event: MaintenanceProgress): void;
}

/** How often it is looked how far the server is, ms. */
const lookMs = 400;

/**
 * Does an act to one table after the other, over a session of its own; after a failure with the next one, after a
 * cancel with none.
 *
 * @throws INVALID where it can't be done at all; SERVER_ERROR after `ended`, when not all of it was done
 */
export async function runAct(pool: ServerPool, act: MaintenanceAct, options: ActOptions): Promise<string> {
  const { signal, tell } = options;
  const refused = refusals(act, await readRelations(pool, act.tables), await readServer(pool), pool.pooled);
  if (refused.length > 0) throw refusedAct(act, refused);
  const before = act.kind === 'reindex' ? await readLeftovers(pool) : [];
  let session: WorkSession | undefined;
  const results: MaintenanceResult[] = [];
  try {
    for (const [index, table] of act.tables.entries()) {
      const object = shown(table);
      if (signal.aborted) {
        results.push({ object, outcome: 'not begun', tookMs: 0, problem: null });
        continue;
      }
      if (!session || session.isLost()) {
        const onNotice = (text: string): void => tell({ kind: 'log', text });
        session = await openWorkSession(pool, { ...options, onNotice }, signal);
      }
      const statement = statementOf(act, table);
      tell({ kind: 'step', step: index + 1, of: act.tables.length, object, statement, pid: session.pid });
      const result = await runOne(pool, session, { act, table, statement }, options);
      results.push(result);
      tell({ kind: 'result', result });
    }
  } finally {
    await session?.end();
  }
  const leftovers = act.kind === 'reindex' ? newOnes(await readLeftovers(pool), before) : [];
  const said = saidOf(act, results);
  tell({ kind: 'ended', results, leftovers, said });
  if (results.some(({ outcome }) => outcome !== 'done')) throw notDone(said, results, leftovers);
  return said;
}

interface One {
  act: MaintenanceAct;
  table: RelationName;
  statement: string;
}

async function runOne(
  pool: ServerPool,
  session: WorkSession,
  { act, table, statement }: One,
  { lockTimeoutMs, patienceMs, signal, tell }: ActOptions,
): Promise<MaintenanceResult> {
  const object = shown(table);
  const from = performance.now();
  const over = new AbortController();
  let blockers: Blocker[] = [];
  const looking = look(pool, session.pid, over.signal, {
    everyMs: Math.min(lookMs, lockTimeoutMs / 3),
    onBlockers: (seen) => {
      blockers = seen;
    },
    tell,
  });
  const result = (outcome: MaintenanceResult['outcome'], problem: MaintenanceResult['problem'] = null) => ({
    object,
    outcome,
    tookMs: performance.now() - from,
    problem,
  });
  try {
    if (act.kind === 'reindex') await takeItsTurn(session, act, table, { lockTimeoutMs, patienceMs }, signal);
    await session.cancellable(statement, signal);
    return result('done');
  } catch (error) {
    const cancelled = signal.aborted && (sqlstateOf(error) === '57014' || error === signal.reason);
    if (cancelled && error === signal.reason) return result('not begun');
    const failed = { act: `${actWords(act)} ${object}`, error, cancelled, blockers, lockTimeoutMs };
    return result(cancelled ? 'cancelled' : 'failed', explainFailure(failed));
  } finally {
    over.abort();
    await looking;
  }
}

/**
 * A concurrent reindex waits for older snapshots under the same lock_timeout as for the table, and would leave a broken
 * index behind when it lapses there. So the table's lock is tried first, and given back, and the rest may take longer:
 * what it waits with (SHARE UPDATE EXCLUSIVE) keeps nobody from reading and writing.
 */
async function takeItsTurn(
  session: WorkSession,
  act: Extract<MaintenanceAct, { kind: 'reindex' }>,
  table: RelationName,
  { lockTimeoutMs, patienceMs }: Pick<ActOptions, 'lockTimeoutMs' | 'patienceMs'>,
  signal: AbortSignal,
): Promise<void> {
  await session.query(`SET lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
  if (act.of === 'table') {
    try {
      await session.cancellable('BEGIN', signal);
      await session.cancellable(`LOCK TABLE ONLY ${qualified(table)} IN SHARE UPDATE EXCLUSIVE MODE`, signal);
    } catch (error) {
      // Materialized views can't be locked by a statement, and not everybody who may reindex may lock.
      if (!['42809', '42501'].includes(sqlstateOf(error) ?? '')) throw error;
    } finally {
      await session.query('ROLLBACK').catch(() => undefined);
    }
  }
  await session.query(`SET lock_timeout = ${Math.trunc(patienceMs)}`);
}

/** Tells how far a session's statement is until it is over, and whom it waits for. */
async function look(
  pool: ServerPool,
  pid: number,
  over: AbortSignal,
  {
    everyMs,
    tell,
    onBlockers,
  }: { everyMs: number; tell: ActOptions['tell']; onBlockers(seen: Blocker[]): void },
): Promise<void> {
  for (let look = 0; !over.aborted; look += 1) {
    // Whom it waits for has to be seen before it lets go.
    await sleep(look < 3 ? everyMs : lookMs, over);
    if (over.aborted) return;
    try {
      const seen = await pool.query<Blocker>(waitingSql, [pid]);
      if (seen.length > 0) onBlockers(seen);
      const operation = (await readOperations(pool)).find((one) => one.pid === pid);
      if (operation && !over.aborted) tell({ kind: 'progress', operation });
    } catch {
      // How far it is can't be seen just now; what it does goes on.
    }
  }
}

const newOnes = (now: LeftoverIndex[], before: readonly LeftoverIndex[]): LeftoverIndex[] =>
  now.filter(({ schema, name }) => !before.some((one) => one.schema === schema && one.name === name));

function saidOf(act: MaintenanceAct, results: readonly MaintenanceResult[]): string {
  const done = results.filter(({ outcome }) => outcome === 'done');
  const others = results.filter(({ outcome }) => outcome !== 'done');
  const seconds = Math.round(results.reduce((sum, { tookMs }) => sum + tookMs, 0) / 100) / 10;
  const what = results.length === 1 ? results[0]?.object : `of ${plural(results.length, 'object')}`;
  const parts = others.map(({ object, outcome }) => `${object} ${outcome}`);
  return others.length === 0
    ? `${actWords(act)} ${what} done in ${seconds} s.`
    : `${actWords(act)} ${what}: ${done.length} done, ${parts.slice(0, 5).join(', ')}.`;
}

const refusedAct = (act: MaintenanceAct, refused: readonly string[]): Error =>
  fail('INVALID', {
    cause: 'act-refused',
    field: 'tables',
    what: `${actWords(act)} can't be run as it stands.`,
    why: refused.slice(0, 5).join(' '),
    next: 'Choose other tables, or have somebody do it who may.',
  });

function notDone(
  said: string,
  results: readonly MaintenanceResult[],
  leftovers: readonly LeftoverIndex[],
): Error {
  const first = results.find(({ problem }) => problem !== null)?.problem;
  const left = leftovers.map(({ schema, name }) => shown({ schema, name })).join(', ');
  return fail('SERVER_ERROR', {
    cause: first?.cause ?? 'cancelled',
    what: said,
    why: [first?.what !== undefined && results.length > 1 ? first.what : '', first?.why ?? '']
      .filter(Boolean)
      .join(' '),
    next: left
      ? `An index that is not valid was left behind: ${left}. Drop it, then try again.`
      : (first?.next ?? 'Begin it again if it is still wanted.'),
    ...(leftovers[0] ? { command: leftovers[0].statement } : {}),
    ...(first?.server ? { server: first.server } : {}),
  });
}
