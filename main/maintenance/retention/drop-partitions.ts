import { escapeLiteral } from 'pg';
import type { RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { plural, qualified, shown } from '../names.ts';
import { openWorkSession, type WorkSession } from '../session.ts';
import type { Partition } from './partitions.ts';
import {
  going,
  type PartitionPlan,
  type PartitionTarget,
  planFunction,
  planPartitions,
  statementsFor,
} from './preview.ts';
import stillSql from './still.sql?raw';
import { type Came, type Work, withRetries } from './work.ts';

/** Longest wait of DETACH … CONCURRENTLY for transactions that use the table, ms: it keeps nobody from it. */
const detachMs = 120_000;

/** Drops what is past its time, one partition after the other; one that can't be had is told, and the next has its turn. */
export async function dropPartitions(work: Work, target: PartitionTarget): Promise<Came> {
  const { pool, signal, tell, note } = work;
  const plan = await planPartitions(pool, target);
  if (plan.refused.length > 0) return refused(plan);
  const goes = going(plan);
  const dropped: string[] = [];
  const failed: string[] = [];
  const session = await openWorkSession(pool, work, signal);
  try {
    for (const partition of goes) {
      const object = shown(partition);
      if (signal.aborted) break;
      tell({ kind: 'progress', done: dropped.length, total: goes.length, unit: 'partitions', object });
      try {
        await withRetries(work, object, () => dropOne(session, target, partition, plan, work));
        dropped.push(object);
        note({ dropped });
        tell({ kind: 'log', text: `${object} is dropped.` });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        failed.push(`${object}: ${why}`);
        tell({ kind: 'log', text: `${object} stays: ${why}` });
        if (session.isLost()) break;
      }
    }
  } finally {
    await session.end();
  }
  const of = `${dropped.length} of ${plural(goes.length, 'partition')} of ${target.schema}.${target.table} dropped`;
  if (failed.length > 0)
    return { outcome: 'failed', said: `${of}. ${failed.slice(0, 3).join('; ')}.`, rows: null, dropped };
  if (dropped.length < goes.length)
    return { outcome: 'stopped', said: `${of}, then somebody stopped it.`, rows: null, dropped };
  const said =
    goes.length === 0 ? `No partition of ${target.schema}.${target.table} is past its time.` : `${of}.`;
  return { outcome: 'done', said, rows: null, dropped };
}

export const refused = ({ refused: why }: Pick<PartitionPlan, 'refused'>): Came => ({
  outcome: 'failed',
  said: why.join(' '),
  rows: null,
  dropped: [],
});

/** Whether it is still the partition that was looked at is seen under its lock, in the transaction that drops it. */
async function dropOne(
  session: WorkSession,
  target: PartitionTarget,
  partition: Partition,
  { table }: PartitionPlan,
  { lockTimeoutMs }: Pick<Work, 'lockTimeoutMs'>,
): Promise<void> {
  const statements = statementsFor(target, partition, table);
  const isConcurrent = partition.pending || target.how === 'detach';
  if (isConcurrent) {
    await checkStill(session, partition, table.oid);
    await session.query(`SET lock_timeout = ${detachMs}`);
    try {
      await session.query(statements[0] ?? '');
    } finally {
      await session.query(`SET lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
    }
  }
  await session.query('BEGIN');
  try {
    if (isConcurrent) await session.query(statements[1] ?? '');
    else {
      // First the table, as everybody does who uses it: the other way round is a deadlock with them.
      const parent = qualified({ schema: target.schema, name: target.table });
      await session.query(`LOCK TABLE ONLY ${parent} IN ACCESS EXCLUSIVE MODE`);
      await session.query(`LOCK TABLE ONLY ${qualified(partition)} IN ACCESS EXCLUSIVE MODE`);
      await checkStill(session, partition, table.oid);
      for (const statement of statements) await session.query(statement);
    }
    await session.query('COMMIT');
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function checkStill(session: WorkSession, partition: Partition, parent: number): Promise<void> {
  const { rows } = await session.query<{
    schema: string;
    name: string;
    parent: number | null;
    bound: string | null;
  }>(stillSql, [partition.oid]);
  const now = rows[0];
  const isSame =
    now?.schema === partition.schema &&
    now.name === partition.name &&
    (partition.pending || (now.parent === parent && now.bound === partition.bound));
  if (!isSame) throw new Error('it was changed since it was looked at');
}

/** Calls the database's own function, and tells which partitions went by looking before and after. */
export async function callFunction(
  work: Work,
  target: Extract<RetentionTarget, { kind: 'function' }>,
): Promise<Came> {
  const { pool, signal, tell } = work;
  const before = await planFunction(pool, target);
  const standing = before.refused.filter((why) => !why.startsWith('This role owns'));
  if (standing.length > 0) return refused({ refused: standing });
  const what = `${target.schema}.${target.name}(${escapeLiteral(target.table).trim()}, ${target.days})`;
  tell({ kind: 'progress', done: 0, total: going(before).length, unit: 'partitions', object: what });
  const session = await openWorkSession(
    pool,
    { ...work, onNotice: (text) => tell({ kind: 'log', text }) },
    signal,
  );
  let result: unknown;
  try {
    result = await withRetries(work, what, async () => {
      const { rows } = await session.query<{ result: unknown }>(
        `SELECT ${qualified(target)}($1, $2)::text AS result`,
        [target.table, target.days],
      );
      return rows[0]?.result;
    });
  } finally {
    await session.end();
  }
  const after = await planFunction(pool, target);
  const there = new Set(after.partitions.map(({ oid }) => oid));
  const dropped = before.partitions.filter(({ oid }) => !there.has(oid)).map(shown);
  work.note({ dropped });
  return {
    outcome: 'done',
    said: `${what} gave ${result ?? 'nothing'}; ${plural(dropped.length, 'partition')} went.`,
    rows: null,
    dropped,
  };
}
