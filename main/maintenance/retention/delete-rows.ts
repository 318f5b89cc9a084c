import { sleep } from '../../lib/sleep.ts';
import { plural, shown } from '../names.ts';
import { isLoss, openWorkSession, type WorkSession } from '../session.ts';
import { batchStatement, type DeleteTarget, oldRows } from './delete-statements.ts';
import { refused } from './drop-partitions.ts';
import { planDelete } from './preview-delete.ts';
import { type Came, type Work, withRetries } from './work.ts';

/** Longest time that one batch may take, ms. */
const batchMs = 600_000;
/** How long it is counted how many there are, for the progress, ms. */
const countMs = 2000;

/**
 * Deletes old rows batch by batch, each a transaction of its own. The signal stops it after the batch under way, whose
 * count is known then.
 */
export async function deleteRows(work: Work, target: DeleteTarget): Promise<Came> {
  const { pool, signal, tell, note } = work;
  const plan = await planDelete(pool, target);
  if (plan.refused.length > 0) return { ...refused(plan), rows: 0 };
  const { value } = plan.cutoff;
  const most = target.most ?? Number.POSITIVE_INFINITY;
  let deleted = 0;
  const came = (outcome: Came['outcome'], why: string): Came => ({
    outcome,
    said: `${plural(deleted, 'row')} of ${target.schema}.${target.table} older than ${value} deleted${why}.`,
    rows: deleted,
    dropped: [],
  });
  const session = await openWorkSession(pool, work, signal);
  try {
    const total = await countTotal(session, target, value, most);
    await session.query(`SET statement_timeout = ${batchMs}`);
    for (const leaf of plan.leaves) {
      if (leaf.kind !== 'r') continue;
      const statement = batchStatement(leaf, target.column);
      for (;;) {
        if (signal.aborted) return came('stopped', ', then somebody stopped it');
        if (deleted >= most) return came('done', ', as many as one run may');
        const size = Math.min(target.batch, most - deleted);
        const { count } = await withRetries(work, shown(leaf), () => session.query(statement, [value, size]));
        if (count === 0) break;
        deleted += count;
        note({ rows: deleted });
        tell({ kind: 'progress', done: deleted, total, unit: 'rows', object: shown(leaf) });
        await sleep(target.pauseMs, signal);
      }
    }
    // What others held a lock on was passed over.
    const left = await countTotal(session, target, value, Number.POSITIVE_INFINITY);
    return came('done', left ? `; ${plural(left, 'row')} held by others stay until the next run` : '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return isLoss(error)
      ? came(
          'failed',
          `, then the connection was lost: whether one more batch of at most ${target.batch} went is not known (${why})`,
        )
      : came('failed', `, then it failed: ${why}`);
  } finally {
    await session.end();
  }
}

/** Null: it took too long, or can't be counted. */
async function countTotal(
  session: WorkSession,
  target: DeleteTarget,
  value: string,
  most: number,
): Promise<number | null> {
  try {
    await session.query(`SET statement_timeout = ${countMs}`);
    const { rows } = await session.query<{ rows: string }>(`SELECT count(*) AS rows ${oldRows(target)}`, [
      value,
    ]);
    return Math.min(most, Number(rows[0]?.rows));
  } catch {
    return null;
  }
}
