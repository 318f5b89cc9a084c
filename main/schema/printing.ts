import type pg from 'pg';
import { definitionKey, type Printing } from '../../preload/contract/schema-definitions.ts';
import type { Printed } from '../../preload/contract/schema-model.ts';
import { sleep } from '../lib/sleep.ts';
import { serverWords } from '../servers/index.ts';
import type { PrintingTask } from './printing-plan.ts';

const files = import.meta.glob<string>('./printing/*.sql', { query: '?raw', import: 'default', eager: true });

export interface PrintingOptions {
  signal?: AbortSignal | undefined;
  /** How long a statement may wait for a lock, ms. */
  lockTimeoutMs: number;
  /** How long to wait before each further attempt at what was locked, ms. */
  retries: readonly number[];
  /** How many objects are asked for at once. */
  batch: number;
}

const standard: PrintingOptions = { lockTimeoutMs: 300, retries: [500, 1000, 2000, 4000, 8000], batch: 1000 };

/** How long printing a batch may take, ms. */
const statementTimeoutMs = 30_000;

export interface PrintedBatch {
  definitions: Record<string, Printed>;
  done: number;
  total: number;
  last: boolean;
}

/** Some of a task's objects, by their places in it. */
interface Batch {
  task: PrintingTask;
  items: number[];
}

interface PrintingSession {
  client: pg.Client;
  pooled: boolean;
}

/**
 * Has the server print definitions, a batch at a time, each in a short transaction of its own. Printing takes a share
 * lock on what it prints: what somebody has locked is left out and marked as waiting, tried again a few times, and
 * then left so. One statement at a time: never does more than one session wait.
 *
 * The last batch says so; there is always one.
 */
export async function* printAll(
  session: PrintingSession,
  tasks: readonly PrintingTask[],
  given: Partial<PrintingOptions> = {},
): AsyncGenerator<PrintedBatch, void, void> {
  const options = { ...standard, ...given };
  const total = tasks.reduce((sum, { first }) => sum + first.length, 0);
  let done = 0;
  const run = await prepareSession(session, options);
  let waiting: Batch[] = [];
  const round = async function* (
    batches: Iterable<Batch>,
    isFirst: boolean,
  ): AsyncGenerator<PrintedBatch, Batch[], void> {
    const left: Batch[] = [];
    for (const batch of batches) {
      options.signal?.throwIfAborted();
      const { definitions, waiting: locked } = await printBatch(run, batch);
      if (locked.length > 0) left.push({ task: batch.task, items: locked });
      if (isFirst) for (const item of locked) definitions[keyOf(batch.task, item)] = { state: 'waiting' };
      done += batch.items.length - locked.length;
      if (Object.keys(definitions).length > 0) yield { definitions, done, total, last: false };
    }
    return left;
  };

  waiting = yield* round(cut(tasks, options.batch), true);
  for (const pause of options.retries) {
    if (waiting.length === 0) break;
    await sleep(pause, options.signal);
    waiting = yield* round(waiting, false);
  }
  yield { definitions: {}, done, total, last: true };
}

function* cut(tasks: readonly PrintingTask[], size: number): Generator<Batch, void, void> {
  for (const task of tasks) {
    for (let from = 0; from < task.first.length; from += size) {
      const length = Math.min(size, task.first.length - from);
      yield { task, items: Array.from({ length }, (_, index) => from + index) };
    }
  }
}

const keyOf = ({ printing, first, second }: PrintingTask, item: number): string =>
  definitionKey(printing, first[item] ?? 0, second[item] ?? 0);

/** Runs one statement in a transaction of its own. */
type Run = (sql: string, values: unknown[]) => Promise<[number, string | null][]>;

async function prepareSession({ client, pooled }: PrintingSession, options: PrintingOptions): Promise<Run> {
  const query = async (sql: string, values: unknown[]): Promise<[number, string | null][]> =>
    (await client.query({ text: sql, values, rowMode: 'array' })).rows as [number, string | null][];
  const settings = (local: string): string =>
    `SET ${local} search_path = ''; SET ${local} statement_timeout = ${statementTimeoutMs}; ` +
    `SET ${local} lock_timeout = ${options.lockTimeoutMs}; SET ${local} jit = off`;
  if (!pooled) {
    await client.query(`${settings('')}; SET default_transaction_read_only = on`);
    return query;
  }
  return async (sql, values) => {
    await client.query(`BEGIN READ ONLY; ${settings('LOCAL')}`);
    try {
      const rows = await query(sql, values);
      await client.query('COMMIT');
      return rows;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  };
}

const dropped: Printed = { state: 'hidden', why: 'It was dropped or changed while the structure was read.' };

async function printBatch(
  run: Run,
  { task, items }: Batch,
): Promise<{ definitions: Record<string, Printed>; waiting: number[] }> {
  const definitions: Record<string, Printed> = {};
  const mayWait = items.some((item) => task.lockStart[item] !== task.lockStart[item + 1]);
  const locked = mayWait ? await lockedRelations(run) : new Set<number>();
  const isLocked = (item: number): boolean => {
    for (let at = task.lockStart[item] ?? 0; at < (task.lockStart[item + 1] ?? 0); at += 1)
      if (locked.has(task.locks[at] ?? 0)) return true;
    return false;
  };
  const waiting = locked.size > 0 ? items.filter(isLocked) : [];
  const free = locked.size > 0 ? items.filter((item) => !isLocked(item)) : items;
  if (free.length === 0) return { definitions, waiting };
  try {
    const rows = await run(sqlOf(task.printing), valuesOf(task, free));
    const texts = new Map(rows);
    free.forEach((item, index) => {
      const text = texts.get(index + 1);
      definitions[keyOf(task, item)] =
        text === null || text === undefined ? dropped : { state: 'known', text };
    });
    return { definitions, waiting };
  } catch (error) {
    const { sqlstate } = serverWords(error) ?? {};
    if (sqlstate === undefined || /^(08|57P)/.test(sqlstate)) throw error;
    // Locked since it was looked up, or one that can't be printed: the halves apart, down to the single object.
    if (free.length > 1) {
      const half = free.length >> 1;
      for (const part of [free.slice(0, half), free.slice(half)]) {
        const printed = await printBatch(run, { task, items: part });
        Object.assign(definitions, printed.definitions);
        waiting.push(...printed.waiting);
      }
      return { definitions, waiting };
    }
    const [item = 0] = free;
    if (sqlstate === '55P03') waiting.push(item);
    else definitions[keyOf(task, item)] = { state: 'hidden', why: whyNot(error, sqlstate) };
    return { definitions, waiting };
  }
}

function whyNot(error: unknown, sqlstate: string): string {
  const { message = '' } = serverWords(error) ?? {};
  return `The server can't print it: ${message} (${sqlstate}).`;
}

async function lockedRelations(run: Run): Promise<Set<number>> {
  return new Set((await run(sqlOf('locked'), [])).map(([relation]) => Number(relation)));
}

function sqlOf(name: Printing | 'locked'): string {
  const sql = files[`./printing/${name}.sql`];
  if (sql === undefined) throw new Error(`printing/${name}.sql is missing.`);
  return sql;
}

/** Statements about columns and about publications' tables take a second list. */
function valuesOf({ printing, first, second }: PrintingTask, items: readonly number[]): unknown[] {
  const list = (from: Uint32Array): string => `{${items.map((item) => from[item]).join()}}`;
  const isDouble = printing === 'defaults' || printing === 'generated' || printing === 'publication-filters';
  return isDouble ? [list(first), list(second)] : [list(first)];
}
