import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Arrangement, ResultColumn, ResultRows } from '../../../preload/contract/sql.ts';
import { fail } from '../../lib/fail.ts';
import { workerFile } from '../../lib/worker-file.ts';
import type { OrderTask } from './order.ts';
import { openSpool, type Spool, type TextRow } from './spool.ts';

/** Characters of a cell that a row's answer carries; the rest comes by {@link Results.value}. */
const cellCharacters = 1000;
const valueCharacters = 1_000_000;
/** Arrangements kept a result. */
const arrangementsKept = 4;

/** One result while it comes, for whoever fetches it. */
export interface GrowingResult {
  id: string;
  count(): number;
  bytes(): number;
  append(rows: readonly TextRow[]): Promise<void>;
  /** Whole rows again, for exports. */
  read(from: number, count: number): Promise<TextRow[]>;
  columns: ResultColumn[];
}

/** Results of all tabs, each in a file of its own until its tab drops it. */
export interface Results {
  begin(tab: string, columns: ResultColumn[]): Promise<GrowingResult>;
  rows(result: string, from: number, count: number, arrangement?: string): Promise<ResultRows>;
  value(
    result: string,
    at: { row: number; column: number; from: number; arrangement?: string | undefined },
  ): Promise<{ text: string | null; length: number }>;
  arrange(result: string, arrangement: Arrangement): Promise<{ arrangement: string; count: number }>;
  find(result: string): GrowingResult;
  drop(tab: string): Promise<void>;
  close(): Promise<void>;
}

interface Kept extends GrowingResult {
  tab: string;
  spool: Spool;
  orders: Map<string, Uint32Array>;
}

/** Opens the folder of results. What a killed console left there is removed. */
export function openResults(dataFolder: string): Results {
  const folder = join(dataFolder, 'results');
  const kept = new Map<string, Kept>();
  const cleared = rm(folder, { recursive: true, force: true }).catch(() => undefined);

  const get = (id: string): Kept => {
    const one = kept.get(id);
    if (one) return one;
    throw fail('INVALID', {
      cause: 'result-gone',
      what: 'This result is not there any more.',
      why: 'Its tab was closed, or ran something else since.',
      next: 'Run the statement again.',
      field: 'result',
    });
  };
  const place = (one: Kept, row: number, arrangement: string | undefined): number => {
    if (arrangement === undefined) return row;
    return orderOf(one, arrangement)[row] ?? -1;
  };

  const rowsInOrder = async (one: Kept, from: number, count: number, name: string): Promise<TextRow[]> => {
    const wanted = [...orderOf(one, name).subarray(from, from + count)];
    const rows = await Promise.all(wanted.map((row) => one.spool.read(row, 1)));
    return rows.map(([row]) => row ?? []);
  };

  return {
    begin: async (tab, columns) => {
      await cleared;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = randomUUID();
      const spool = await openSpool(join(folder, id));
      const one: Kept = {
        id,
        tab,
        spool,
        columns,
        orders: new Map(),
        count: spool.count,
        bytes: spool.bytes,
        append: spool.append,
        read: spool.read,
      };
      kept.set(id, one);
      return one;
    },
    rows: async (id, from, count, arrangement) => {
      const one = get(id);
      const rows =
        arrangement === undefined
          ? await one.spool.read(from, count)
          : await rowsInOrder(one, from, count, arrangement);
      return shorten(rows);
    },
    value: async (id, { row, column, from, arrangement }) => {
      const one = get(id);
      const [cells] = await one.spool.read(place(one, row, arrangement), 1);
      const text = cells?.[column] ?? null;
      return {
        text: text === null ? null : text.slice(from, from + valueCharacters),
        length: text?.length ?? 0,
      };
    },
    arrange: async (id, arrangement) => {
      const one = get(id);
      const { file, offsets, bytes } = one.spool.layout();
      const kinds = one.columns.map(({ kind }) => kind);
      const order = await inThread({ file, offsets, bytes, arrangement, kinds });
      const name = randomUUID();
      one.orders.set(name, order);
      const [oldest] = one.orders.keys();
      if (one.orders.size > arrangementsKept && oldest) one.orders.delete(oldest);
      return { arrangement: name, count: order.length };
    },
    find: get,
    drop: async (tab) => {
      const all = [...kept.values()].filter((one) => one.tab === tab);
      for (const { id } of all) kept.delete(id);
      await Promise.all(all.map(({ spool }) => spool.remove()));
    },
    close: async () => {
      await Promise.all([...kept.values()].map(({ spool }) => spool.remove()));
      kept.clear();
    },
  };
}

function orderOf(one: Kept, name: string): Uint32Array {
  const order = one.orders.get(name);
  if (order) return order;
  throw fail('INVALID', {
    cause: 'arrangement-gone',
    what: 'This order of the result is not there any more.',
    why: 'The result was sorted or filtered otherwise since.',
    next: 'Sort or filter it again.',
    field: 'arrangement',
  });
}

/** Long cells are cut, and named as such. */
function shorten(rows: readonly TextRow[]): ResultRows {
  const cut: ResultRows['cut'] = [];
  const short = rows.map((cells, row) =>
    cells.map((cell, column) => {
      if (cell === null || cell.length <= cellCharacters) return cell;
      cut.push({ row, column, length: cell.length });
      return cell.slice(0, cellCharacters);
    }),
  );
  return { rows: short, cut };
}

function inThread(task: OrderTask): Promise<Uint32Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(import.meta.dirname, 'result-order-worker'));
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that sorts a result ended early.')));
    worker.postMessage(task);
  });
}
