import type { StatementOrder } from '../../preload/contract/queries.ts';
import { bit, type Counter, place } from './counters.ts';

/** What each order sums up. The mean is no sum; time stands for it. */
const summed: Record<StatementOrder, readonly Counter[]> = {
  total: ['execUs'],
  mean: ['execUs'],
  calls: ['calls'],
  rows: ['rows'],
  io: ['sharedRead', 'sharedWritten', 'localRead', 'localWritten'],
  ioTime: ['ioReadUs', 'ioWriteUs'],
  temp: ['tempRead', 'tempWritten'],
  wal: ['walBytes'],
  planning: ['planUs'],
  jit: ['jitUs'],
};

/** Whether anything is known of it. */
export function isMeasured(order: StatementOrder, known: number): boolean {
  return summed[order].some((name) => known & bit(name));
}

/** What is summed of a row of counters: µs, or a count. */
export function sumOf(order: StatementOrder, row: ArrayLike<number>): number {
  let sum = 0;
  for (const name of summed[order]) sum += row[place[name]] ?? 0;
  return sum;
}

/** The same of one entry of columns. */
export function sumAt(order: StatementOrder, columns: readonly Float64Array[], entry: number): number {
  let sum = 0;
  for (const name of summed[order]) sum += columns[place[name]]?.[entry] ?? 0;
  return sum;
}

/** What a list is ordered by, most first. */
export function rankOf(order: StatementOrder, row: ArrayLike<number>): number {
  if (order !== 'mean') return sumOf(order, row);
  const calls = row[place.calls] ?? 0;
  return calls > 0 ? (row[place.execUs] ?? 0) / calls : 0;
}

/** Whether it is kept in µs; it is then shown in ms. */
export const isTime = (order: StatementOrder): boolean =>
  ['total', 'mean', 'ioTime', 'planning', 'jit'].includes(order);
