import type { StatementFigures } from '../../preload/contract/queries.ts';

/**
 * What is kept of each statement, in the order in which the store keeps it: append only, never reorder. Times are
 * whole microseconds, so that sums of differences stay exact.
 */
export const counters = [
  'calls',
  'execUs',
  'rows',
  'plans',
  'planUs',
  'sharedHit',
  'sharedRead',
  'sharedDirtied',
  'sharedWritten',
  'localRead',
  'localWritten',
  'tempRead',
  'tempWritten',
  'ioReadUs',
  'ioWriteUs',
  'tempIoUs',
  'walRecords',
  'walFpi',
  'walBytes',
  'jitFunctions',
  'jitUs',
] as const;
export type Counter = (typeof counters)[number];

/** After the counters stands the longest execution, µs, which is no sum. */
export const peakAt = counters.length;
/** Columns of a statement: counters and peak. */
export const width = counters.length + 1;

export const place = Object.fromEntries(counters.map((name, index) => [name, index])) as Record<
  Counter,
  number
>;

/** One bit a counter. */
export const bit = (name: Counter): number => 1 << place[name];
export const allKnown = 2 ** counters.length - 1;

/** Which counters are only filled where the server is told to measure. */
export const ioTimes: readonly Counter[] = ['ioReadUs', 'ioWriteUs', 'tempIoUs'];
export const planning: readonly Counter[] = ['plans', 'planUs'];

/** A row of counters as the contract tells it; what is not `known` is null. */
export function figuresOf(row: ArrayLike<number>, known: number): StatementFigures {
  const value = (name: Counter): number => Math.round(row[place[name]] ?? 0);
  const ifKnown = (name: Counter): number | null => (known & bit(name) ? value(name) : null);
  const ms = (name: Counter): number => (row[place[name]] ?? 0) / 1000;
  const msIfKnown = (name: Counter): number | null => (known & bit(name) ? ms(name) : null);
  const calls = value('calls');
  const peak = row[peakAt] ?? 0;
  return {
    calls,
    execMs: ms('execUs'),
    meanMs: calls > 0 ? ms('execUs') / (row[place.calls] || calls) : null,
    maxMs: peak > 0 ? peak / 1000 : null,
    rows: value('rows'),
    plans: ifKnown('plans'),
    planMs: msIfKnown('planUs'),
    sharedHit: value('sharedHit'),
    sharedRead: value('sharedRead'),
    sharedDirtied: value('sharedDirtied'),
    sharedWritten: value('sharedWritten'),
    localRead: value('localRead'),
    localWritten: value('localWritten'),
    tempRead: value('tempRead'),
    tempWritten: value('tempWritten'),
    ioReadMs: msIfKnown('ioReadUs'),
    ioWriteMs: msIfKnown('ioWriteUs'),
    tempIoMs: msIfKnown('tempIoUs'),
    walRecords: ifKnown('walRecords'),
    walFpi: ifKnown('walFpi'),
    walBytes: ifKnown('walBytes'),
    jitFunctions: ifKnown('jitFunctions'),
    jitMs: msIfKnown('jitUs'),
  };
}
