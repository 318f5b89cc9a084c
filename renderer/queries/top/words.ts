import type { StatementOrder, StatementRow } from '../../../preload/contract/queries.ts';
import { oneLine } from '../../activity/columns.tsx';
import { bytes, duration, milliseconds, rate } from '../../components/format.ts';
import type { Unit } from '../../metrics/axes.ts';

interface OrderWords {
  /** In the list of orders. */
  label: string;
  /** The chart's heading and unit. */
  title: string;
  unitLabel: string;
  unit: Unit;
  format: (value: number) => string;
}

const timePerSecond = (value: number): string => `${rate(value)} ms/s`;
const time = { unitLabel: 'ms a second, by statement', unit: 'rate', format: timePerSecond } as const;
const blocks = { unitLabel: 'blocks a second, by statement', unit: 'rate', format: rate } as const;

/** How each order is spoken of. */
export const orderWords: Record<StatementOrder, OrderWords> = {
  total: { label: 'Total time', title: 'Execution time', ...time },
  mean: { label: 'Mean time', title: 'Execution time', ...time },
  calls: { label: 'Calls', title: 'Calls', unitLabel: 'a second, by statement', unit: 'rate', format: rate },
  rows: { label: 'Rows', title: 'Rows', unitLabel: 'a second, by statement', unit: 'rate', format: rate },
  io: { label: 'Blocks read and written', title: 'Blocks read and written', ...blocks },
  ioTime: { label: 'I/O time', title: 'I/O time', ...time },
  temp: { label: 'Temporary files', title: 'Blocks of temporary files', ...blocks },
  wal: {
    label: 'WAL',
    title: 'WAL',
    unitLabel: 'a second, by statement',
    unit: 'bytes',
    format: (value) => `${bytes(value)}/s`,
  },
  planning: { label: 'Planning', title: 'Planning time', ...time },
  jit: { label: 'JIT', title: 'JIT compilation', ...time },
};

/** A statement on one line; what is shown where its text is not known. */
export function statementLine({
  text,
  textCut,
  queryId,
}: Pick<StatementRow, 'text' | 'textCut' | 'queryId'>): string {
  if (text !== null) return `${oneLine(text)}${textCut ? ' …' : ''}`;
  return queryId === null ? 'Statements hidden from this role' : `Text not known, query id ${queryId}`;
}

/** The time of one call: exact where it is short. */
export const callTime = (ms: number): string => (ms < 1000 ? milliseconds(ms) : duration(ms));
