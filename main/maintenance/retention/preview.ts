import type { RetentionPreview, RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { fail } from '../../lib/fail.ts';
import type { ServerPool } from '../../servers/index.ts';
import { plural, qualified, shown } from '../names.ts';
import { readFunctions } from './candidates.ts';
import { type Cutoff, isTimeType, isWholeType, readCutoff } from './cutoff.ts';
import { knowsDetach, type Partition, readPartitions, readTable, type TableFacts } from './partitions.ts';
import { previewDelete } from './preview-delete.ts';
import regclassSql from './regclass.sql?raw';

export type PartitionTarget = Extract<RetentionTarget, { kind: 'partitions' }>;
export type FunctionTarget = Extract<RetentionTarget, { kind: 'function' }>;

/** What a run would do now. @throws INVALID; what the server answers */
export function preview(
  pool: ServerPool,
  target: RetentionTarget,
  countMs: number,
): Promise<RetentionPreview> {
  switch (target.kind) {
    case 'partitions':
      return previewPartitions(pool, target);
    case 'function':
      return previewFunction(pool, target);
    case 'delete':
      return previewDelete(pool, target, countMs);
  }
}

export interface PartitionPlan {
  table: TableFacts;
  cutoff: Cutoff;
  partitions: Partition[];
  canDetach: boolean;
  refused: string[];
}

/** @throws INVALID where the table is not partitioned by the range of one column of time */
export async function planPartitions(
  pool: ServerPool,
  target: Pick<PartitionTarget, 'schema' | 'table' | 'keep' | 'epoch' | 'how'>,
): Promise<PartitionPlan> {
  const table = await readTable(pool, target.schema, target.table);
  const name = shown({ schema: target.schema, name: target.table });
  const unfit = unfitWhy(table, target);
  if (unfit)
    throw fail('INVALID', {
      cause: 'not-by-time',
      field: 'table',
      what: `Partitions of ${name} can't be told by their age.`,
      ...unfit,
    });
  const cutoff = await readCutoff(pool, target.keep, table.keyType ?? '', target.epoch);
  const partitions = await readPartitions(pool, table, cutoff, target.epoch);
  const canDetach = (await knowsDetach(pool)) && table.defaultOid === null;
  const refused: string[] = [];
  if (table.standby) refused.push('This is a standby, where nothing can be changed: do it on the primary.');
  if (pool.pooled)
    refused.push('A pooler stands in between: give the environment the server’s own address to run this.');
  const others = partitions.filter(({ goes, owned }) => goes && !owned);
  if (!table.owned || others.length > 0)
    refused.push(
      `This role owns ${table.owned ? `not all partitions of ${name}` : `not ${name}`}: only ${table.owner} or a superuser may drop them.`,
    );
  if (target.how === 'detach' && !canDetach)
    refused.push(
      table.defaultOid === null
        ? 'DETACH … CONCURRENTLY is not known to this server (it is of 14 and later): drop without it.'
        : 'With a default partition there is no DETACH … CONCURRENTLY: drop without it.',
    );
  return { table, cutoff, partitions, canDetach, refused };
}

function unfitWhy(
  { strategy, keys, keyType }: TableFacts,
  { epoch }: Pick<PartitionTarget, 'epoch'>,
): { why: string; next: string } | undefined {
  const delete_ = 'Have old rows deleted in batches instead.';
  if (strategy === null) return { why: 'It is not partitioned.', next: delete_ };
  if (strategy !== 'r' || keys !== 1 || keyType === null)
    return { why: 'It is not partitioned by the range of one column.', next: delete_ };
  if (isTimeType(keyType)) return undefined;
  if (!isWholeType(keyType)) return { why: `Its key is ${keyType}.`, next: delete_ };
  return epoch === null
    ? {
        why: `Its key is ${keyType}.`,
        next: 'Say what its numbers count since 1970: seconds, milliseconds or microseconds.',
      }
    : undefined;
}

async function previewPartitions(pool: ServerPool, target: PartitionTarget): Promise<RetentionPreview> {
  const plan = await planPartitions(pool, target);
  return {
    ...common(plan),
    statements: going(plan)
      .slice(0, 5)
      .flatMap((one) => statementsFor(target, one, plan.table)),
    warnings: partitionWarnings(plan, target.how),
  };
}

export const going = ({ partitions }: Pick<PartitionPlan, 'partitions'>): Partition[] =>
  partitions.filter(({ goes }) => goes);

function common(plan: PartitionPlan) {
  const goes = going(plan);
  return {
    cutoff: plan.cutoff.at,
    partitions: plan.partitions.map(({ oid: _, pending: __, owned: ___, ...one }) => one),
    rows: goes.every(({ rows }) => rows !== null)
      ? goes.reduce((sum, { rows }) => sum + (rows ?? 0), 0)
      : null,
    exact: goes.length === 0,
    bytes: goes.reduce((sum, { bytes }) => sum + bytes, 0),
    plan: null,
    referencedBy: plan.table.referencedBy,
    canDetach: plan.canDetach,
    refused: plan.refused,
  };
}

/** What takes one partition away. Where others refer to the table it has to be detached first: the server checks them then. */
export function statementsFor(
  { schema, table, how }: Pick<PartitionTarget, 'schema' | 'table' | 'how'>,
  partition: Pick<Partition, 'schema' | 'name' | 'pending'>,
  { referencedBy }: Pick<TableFacts, 'referencedBy'>,
): string[] {
  const parent = qualified({ schema, name: table });
  const child = qualified(partition);
  const drop = `DROP TABLE ${child}`;
  if (partition.pending) return [`ALTER TABLE ${parent} DETACH PARTITION ${child} FINALIZE`, drop];
  if (how === 'detach') return [`ALTER TABLE ${parent} DETACH PARTITION ${child} CONCURRENTLY`, drop];
  return referencedBy.length > 0 ? [`ALTER TABLE ${parent} DETACH PARTITION ${child}`, drop] : [drop];
}

function partitionWarnings({ table, partitions }: PartitionPlan, how: PartitionTarget['how']): string[] {
  const said: string[] = [];
  const locked = partitions.filter(({ bound }) => bound === null).length;
  if (locked > 0)
    said.push(
      `${plural(locked, 'partition')} stay because they are locked now and their range can’t be read.`,
    );
  if (table.referencedBy.length > 0)
    said.push(`A partition whose rows are still referred to can’t go: ${table.referencedBy.join(', ')}.`);
  const also = table.refersTo.length > 0 ? `, and ${table.refersTo.join(', ')}` : '';
  said.push(
    how === 'detach'
      ? `To detach waits for transactions that use the table, without locking it; the drop then locks the partition${also} for a moment.`
      : `Each drop locks the whole table${also} against everybody for a moment; it is tried again where the lock can’t be had.`,
  );
  return said;
}

/** The partitions that by their bounds are past it. What the function itself drops is its own decision. */
async function previewFunction(pool: ServerPool, target: FunctionTarget): Promise<RetentionPreview> {
  const plan = await planFunction(pool, target);
  return {
    ...common(plan),
    statements: [`${callText(target)};`],
    warnings: [
      `What goes is decided by ${target.schema}.${target.name} itself; the partitions shown are those whose range is over by their bounds.`,
      'It drops all in one transaction, and holds the locks on all of them until its end.',
    ],
  };
}

export const callText = ({ schema, name, table, days }: FunctionTarget): string =>
  `SELECT ${qualified({ schema, name })}('${table.replaceAll("'", "''")}', ${days})`;

export async function planFunction(pool: ServerPool, target: FunctionTarget): Promise<PartitionPlan> {
  const functions = await readFunctions(pool);
  if (!functions.some(({ schema, name }) => schema === target.schema && name === target.name))
    throw fail('INVALID', {
      cause: 'function-unknown',
      field: 'name',
      what: `There is no function ${target.schema}.${target.name} that drops old partitions.`,
      why: 'It was removed, this role may not call it, or it does not take a table and a number of days.',
      next: 'Choose another one, or have partitions dropped by their bounds.',
    });
  const [table] = await pool.query<{ schema: string; name: string }>(regclassSql, [target.table]);
  if (!table)
    throw fail('INVALID', {
      cause: 'table-unknown',
      field: 'table',
      what: `There is no table "${target.table}" where the function would look for it.`,
      why: 'It is none in the search path of this role.',
      next: 'Write it as the function wants it, with its schema if need be.',
    });
  return await planPartitions(pool, {
    schema: table.schema,
    table: table.name,
    keep: { count: target.days, unit: 'days' },
    epoch: null,
    how: 'drop',
  });
}
