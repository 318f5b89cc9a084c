import type { LogEntry } from '../../../preload/contract/server-log.ts';
import { count, dateTime, duration } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from '../view.module.css';
import type { ErrorGroup, SlowGroup } from './groups.ts';

/** What a level means; none for what is only told. */
export function severityOf(level: LogEntry['level']): 'bad' | 'warning' | undefined {
  if (level === 'FATAL' || level === 'PANIC') return 'bad';
  return level === 'ERROR' || level === 'WARNING' ? 'warning' : undefined;
}

export function Level({ level }: { level: LogEntry['level'] }) {
  const severity = severityOf(level);
  return (
    <span className={styles.mark}>
      {severity && <SeverityIcon severity={severity} />}
      {level ?? '–'}
    </span>
  );
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

export const entryColumns: readonly DataColumn<LogEntry>[] = [
  {
    id: 'at',
    header: 'When',
    width: 164,
    always: true,
    value: ({ at, offset }) => at ?? offset,
    text: ({ at, time }) => (at === null ? (time ?? '') : dateTime(at)),
  },
  {
    id: 'level',
    header: 'Level',
    width: 108,
    value: ({ level }) => level,
    cell: ({ level }) => <Level level={level} />,
  },
  {
    id: 'duration',
    header: 'Took',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: ({ durationMs }) => durationMs,
    text: ({ durationMs }) => (durationMs === null ? '' : duration(durationMs)),
  },
  {
    id: 'message',
    header: 'Message',
    width: 320,
    grow: true,
    value: ({ message }) => message,
    cell: ({ message, statement, durationMs }) =>
      durationMs !== null && statement !== null ? <code>{oneLine(statement)}</code> : oneLine(message),
  },
  {
    id: 'sqlstate',
    header: 'SQLSTATE',
    width: 80,
    mono: true,
    hiddenAtFirst: 'narrow',
    value: ({ sqlstate }) => sqlstate,
  },
  { id: 'database', header: 'Database', width: 120, value: ({ database }) => database },
  { id: 'user', header: 'User', width: 104, value: ({ user }) => user },
  {
    id: 'application',
    header: 'Application',
    width: 112,
    hiddenAtFirst: 'narrow',
    value: ({ application }) => application,
  },
  { id: 'pid', header: 'pid', width: 72, align: 'end', value: ({ pid }) => pid },
];

export const errorColumns: readonly DataColumn<ErrorGroup>[] = [
  {
    id: 'count',
    header: 'Times',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: ({ count: many }) => many,
    text: ({ count: many }) => count(many),
  },
  {
    id: 'level',
    header: 'Level',
    width: 108,
    value: ({ level }) => level,
    cell: ({ level }) => <Level level={level} />,
  },
  { id: 'sqlstate', header: 'SQLSTATE', width: 80, mono: true, value: ({ sqlstate }) => sqlstate },
  { id: 'message', header: 'Message', width: 320, grow: true, always: true, value: ({ message }) => message },
  {
    id: 'last',
    header: 'Last',
    width: 128,
    align: 'end',
    descendingFirst: true,
    value: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => <TimeAgo at={lastAt} />,
  },
];

const took = (id: string, header: string, of: (row: SlowGroup) => number): DataColumn<SlowGroup> => ({
  id,
  header,
  width: 96,
  align: 'end',
  descendingFirst: true,
  value: of,
  text: (row) => duration(of(row)),
});

export const slowColumns: readonly DataColumn<SlowGroup>[] = [
  took('total', 'Together', ({ totalMs }) => totalMs),
  {
    id: 'count',
    header: 'Times',
    width: 72,
    align: 'end',
    descendingFirst: true,
    value: ({ count: many }) => many,
    text: ({ count: many }) => count(many),
  },
  took('mean', 'Mean', ({ meanMs }) => meanMs),
  took('most', 'Longest', ({ mostMs }) => mostMs),
  {
    id: 'statement',
    header: 'Statement',
    width: 320,
    grow: true,
    always: true,
    mono: true,
    value: ({ statement }) => statement,
  },
  {
    id: 'last',
    header: 'Last',
    width: 128,
    align: 'end',
    descendingFirst: true,
    value: ({ lastAt }) => lastAt,
    cell: ({ lastAt }) => <TimeAgo at={lastAt} />,
  },
];
