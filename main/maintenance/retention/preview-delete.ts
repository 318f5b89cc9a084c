import type { RetentionPreview } from '../../../preload/contract/maintenance-retention.ts';
import { fail } from '../../lib/fail.ts';
import { endSoon, type ServerPool } from '../../servers/index.ts';
import { plural } from '../names.ts';
import { sqlstateOf } from '../session.ts';
import columnSql from './column.sql?raw';
import { type Cutoff, readCutoff } from './cutoff.ts';
import { batchStatement, type DeleteTarget, type Leaf, oldRows } from './delete-statements.ts';
import leavesSql from './leaves.sql?raw';
import { readTable, type TableFacts } from './partitions.ts';

interface Column extends Record<string, unknown> {
  type: string;
  indexed: boolean;
}

export interface DeletePlan {
  table: TableFacts;
  cutoff: Cutoff & { value: string };
  leaves: Leaf[];
  indexed: boolean;
  /** Why it can't be done, each a sentence. */
  refused: string[];
}

/** What a delete needs to know, by catalogue alone. @throws INVALID; what the server answers */
export async function planDelete(pool: ServerPool, target: DeleteTarget): Promise<DeletePlan> {
  const table = await readTable(pool, target.schema, target.table);
  const [column] = await pool.query<Column>(columnSql, [table.oid, target.column]);
  if (!column)
    throw wrongColumn(target, `It has no column "${target.column}".`, 'Choose one of its columns of time.');
  const { at, value } = await readCutoff(pool, target.keep, column.type, target.epoch);
  if (value === undefined)
    throw wrongColumn(
      target,
      `Its column "${target.column}" is ${column.type}.`,
      /int|numeric/.test(column.type)
        ? 'Say what its numbers count since 1970: seconds, milliseconds or microseconds.'
        : 'Choose a column of a date, a timestamp or whole numbers.',
    );
  const name = `${target.schema}.${target.table}`;
  const refused: string[] = [];
  if (!['r', 'p'].includes(table.kind)) refused.push(`${name} is not a table.`);
  if (table.standby) refused.push('This is a standby, where nothing can be changed: do it on the primary.');
  if (pool.pooled)
    refused.push('A pooler stands in between: give the environment the server’s own address to run this.');
  if (!table.maySelect || !table.mayDelete)
    refused.push(
      `This role may not delete from ${name}: its owner ${table.owner} may, or a role with SELECT and DELETE on it.`,
    );
  const leaves = await pool.query<Leaf>(leavesSql, [table.oid]);
  return { table, cutoff: { at, value }, leaves, indexed: column.indexed, refused };
}

const wrongColumn = ({ schema, table }: DeleteTarget, why: string, next: string): Error =>
  fail('INVALID', {
    cause: 'column-unfit',
    field: 'column',
    what: `Old rows of ${schema}.${table} can't be told by that column.`,
    why,
    next,
  });

/** Most lines of a plan that are shown. */
const planLines = 60;

export async function previewDelete(
  pool: ServerPool,
  target: DeleteTarget,
  countMs: number,
): Promise<RetentionPreview> {
  const plan = await planDelete(pool, target);
  const { table, cutoff, leaves, refused } = plan;
  const found = table.maySelect ? await countOld(pool, target, cutoff.value, countMs) : undefined;
  const heaps = leaves.filter(({ kind }) => kind === 'r');
  const first = heaps[0];
  return {
    cutoff: cutoff.at,
    partitions: [],
    rows: found?.rows ?? null,
    exact: found?.exact ?? false,
    bytes: null,
    statements: heaps.slice(0, 3).map((leaf) => `${batchStatement(leaf, target.column)};`),
    plan:
      first && table.maySelect && table.mayDelete ? await planOf(pool, target, first, cutoff.value) : null,
    referencedBy: table.referencedBy,
    canDetach: false,
    refused,
    warnings: warnings(plan, target),
  };
}

interface Found {
  rows: number;
  exact: boolean;
}

/** Counts for so long; after that the planner's estimate is all there is. */
async function countOld(
  pool: ServerPool,
  target: DeleteTarget,
  cutoff: string,
  countMs: number,
): Promise<Found> {
  const { client } = await pool.lend();
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.trunc(countMs)}`);
    try {
      const { rows } = await client.query<{ rows: string }>(`SELECT count(*) AS rows ${oldRows(target)}`, [
        cutoff,
      ]);
      return { rows: Number(rows[0]?.rows), exact: true };
    } catch (error) {
      // Cancelled by its time limit, or locked.
      if (!['57014', '55P03'].includes(sqlstateOf(error) ?? '')) throw error;
    }
    await client.query('ROLLBACK');
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>(
      `EXPLAIN (FORMAT JSON) SELECT 1 ${oldRows(target)}`,
      [cutoff],
    );
    return { rows: rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0, exact: false };
  } finally {
    await endSoon(client);
  }
}

async function planOf(
  pool: ServerPool,
  target: DeleteTarget,
  leaf: Leaf,
  cutoff: string,
): Promise<string | null> {
  try {
    const rows = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ${batchStatement(leaf, target.column)}`,
      [cutoff, target.batch],
    );
    return rows
      .slice(0, planLines)
      .map((row) => row['QUERY PLAN'])
      .join('\n');
  } catch (error) {
    if (sqlstateOf(error) === '55P03') return null;
    throw error;
  }
}

function warnings({ table, leaves, indexed }: DeletePlan, { batch, column }: DeleteTarget): string[] {
  const said: string[] = [];
  if (!indexed)
    said.push(
      `No index begins with ${column}: each batch of ${batch.toLocaleString('en-US')} rows reads the table from its beginning.`,
    );
  if (table.cascades)
    said.push(
      `Rows that refer to those are deleted with them (ON DELETE CASCADE): ${table.referencedBy.join(', ')}. They are not counted.`,
    );
  else if (table.referencedBy.length > 0)
    said.push(
      `A batch with rows that are still referred to fails as a whole: ${table.referencedBy.join(', ')}.`,
    );
  if (table.deleteTriggers.length > 0)
    said.push(`Triggers run for each: ${table.deleteTriggers.join(', ')}.`);
  if (table.secured) said.push('Row security applies to this role: rows that it may not see stay.');
  const foreign = leaves.filter(({ kind }) => kind === 'f').length;
  if (foreign > 0) said.push(`${plural(foreign, 'foreign table')} below it: left alone.`);
  if (table.kind === 'p')
    said.push('It is partitioned: to drop whole partitions is faster, and gives the space back.');
  else
    said.push(
      'The space stays with the table: vacuum makes it free for new rows, and only VACUUM FULL gives it back.',
    );
  return said;
}
