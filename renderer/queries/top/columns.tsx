import type { StatementFigures, StatementRow } from '../../../preload/contract/queries.ts';
import { visible } from '../../activity/columns.tsx';
import { bytes, duration, percent, shortCount } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import styles from './top.module.css';
import { callTime, statementLine } from './words.ts';

function Dash({ why }: { why?: string }) {
  return (
    <span className={styles.none} title={why}>
      –
    </span>
  );
}

/** Part of blocks found in shared buffers; null where none were asked for. */
export function hitShare({ sharedHit, sharedRead }: StatementFigures): number | null {
  const all = sharedHit + sharedRead;
  return all > 0 ? sharedHit / all : null;
}

/** A column of a figure that may be unknown. */
function figure(
  id: string,
  header: string,
  width: number,
  pick: (figures: StatementFigures) => number | null,
  show: (value: number) => string,
  more: Partial<DataColumn<StatementRow>> & { unknown?: string } = {},
): DataColumn<StatementRow> {
  const { unknown, ...rest } = more;
  return {
    id,
    header,
    width,
    align: 'end',
    descendingFirst: true,
    value: ({ figures }) => pick(figures),
    cell: ({ figures }) => {
      const value = pick(figures);
      if (value === null) return <Dash {...(unknown ? { why: unknown } : {})} />;
      return <span title={String(value)}>{show(value)}</span>;
    },
    ...rest,
  };
}

const notMeasured = 'Not measured by this server';

/** The columns of the list of statements. */
export const statementColumns: readonly DataColumn<StatementRow>[] = [
  {
    id: 'share',
    header: 'Share',
    hint: 'Of what the list is ordered by, over all statements of the server.',
    width: 92,
    descendingFirst: true,
    value: ({ share }) => share,
    text: ({ share }) => (share === null ? '' : percent(share)),
    cell: ({ share }) => (share === null ? <Dash /> : <Share share={share} />),
  },
  figure('total', 'Total', 96, ({ execMs }) => execMs, duration, { hint: 'Time of execution.' }),
  figure('calls', 'Calls', 72, ({ calls }) => calls, shortCount),
  figure('mean', 'Mean', 80, ({ meanMs }) => meanMs, callTime, { hint: 'Time of execution, each call.' }),
  {
    id: 'statement',
    header: 'Statement',
    hint: 'Constants are $1, $2 … Enter shows it whole.',
    width: 300,
    grow: true,
    mono: true,
    always: true,
    value: (row) => statementLine(row),
    cell: (row) => (
      <span dir="auto" className={row.text === null ? styles.none : undefined}>
        {!row.topLevel && (
          <span className={styles.nested} title="Ran within a function">
            nested
          </span>
        )}
        {statementLine(row)}
      </span>
    ),
  },
  figure('max', 'Longest', 80, ({ maxMs }) => maxMs, callTime, {
    hint: 'The longest call. In a window it is known where it was longer than all before.',
    unknown: 'No call in this window was longer than the longest before it',
    hiddenAtFirst: 'narrow',
  }),
  figure('rows', 'Rows', 72, ({ rows }) => rows, shortCount),
  figure('read', 'Read', 72, ({ sharedRead }) => sharedRead, shortCount, {
    hint: 'Blocks read that were not in shared buffers.',
  }),
  figure('hit', 'Hit', 64, hitShare, percent, {
    hint: 'Part of the blocks that were found in shared buffers.',
    unknown: 'It asked for no blocks',
  }),
  figure('temp', 'Temp', 64, ({ tempRead, tempWritten }) => tempRead + tempWritten, shortCount, {
    hint: 'Blocks of temporary files read and written.',
  }),
  figure('wal', 'WAL', 76, ({ walBytes }) => walBytes, bytes, { unknown: notMeasured }),
  named('user', 'User', ({ user }) => user),
  named('database', 'Database', ({ database }) => database),
  figure('dirtied', 'Dirtied', 72, ({ sharedDirtied }) => sharedDirtied, shortCount, { hiddenAtFirst: true }),
  figure('written', 'Written', 72, ({ sharedWritten }) => sharedWritten, shortCount, { hiddenAtFirst: true }),
  figure('io', 'I/O time', 80, ioMs, duration, { hiddenAtFirst: true, unknown: notMeasured }),
  figure('planning', 'Planning', 80, ({ planMs }) => planMs, duration, {
    hiddenAtFirst: true,
    unknown: notMeasured,
  }),
  figure('jit', 'JIT', 72, ({ jitMs }) => jitMs, duration, { hiddenAtFirst: true, unknown: notMeasured }),
  {
    id: 'query-id',
    header: 'Query id',
    width: 168,
    align: 'end',
    hiddenAtFirst: true,
    value: ({ queryId }) => queryId,
  },
];

/** Time spent waiting for data files; null where it is not measured. */
export function ioMs({ ioReadMs, ioWriteMs }: StatementFigures): number | null {
  return ioReadMs === null && ioWriteMs === null ? null : (ioReadMs ?? 0) + (ioWriteMs ?? 0);
}

function named(
  id: string,
  header: string,
  pick: (row: StatementRow) => string | null,
): DataColumn<StatementRow> {
  return {
    id,
    header,
    width: 88,
    most: 150,
    value: pick,
    cell: (row) => {
      const name = pick(row);
      return name === null ? (
        <Dash why="Its name is not known any more" />
      ) : (
        <span dir="auto">{visible(name)}</span>
      );
    },
  };
}

function Share({ share }: { share: number }) {
  return (
    <span className={styles.share} title={`${(share * 100).toFixed(2)} %`}>
      <span className={styles.bar} aria-hidden>
        <span style={{ width: `${Math.max(1, share * 100)}%` }} />
      </span>
      {share > 0 && share < 0.001 ? '< 0.1 %' : percent(share)}
    </span>
  );
}
