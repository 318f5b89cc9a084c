import type { Regression } from '../../../preload/contract/queries.ts';
import { duration, percent, shortCount } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { callTime, statementLine } from '../top/words.ts';
import styles from './regressions.module.css';

/** The columns of the list of statements that have become slower. */
export const regressionColumns: readonly DataColumn<Regression>[] = [
  {
    id: 'factor',
    header: 'Slower',
    hint: 'Mean of a call now by its mean in the week before.',
    width: 72,
    align: 'end',
    descendingFirst: true,
    value: ({ factor }) => factor,
    cell: ({ factor }) => <strong className={styles.factor}>{factor.toFixed(factor < 10 ? 1 : 0)}×</strong>,
  },
  {
    id: 'means',
    header: 'Before → now',
    hint: 'Mean of a call.',
    width: 200,
    descendingFirst: true,
    value: ({ figures }) => figures.meanMs,
    text: ({ figures, beforeMeanMs }) => `${beforeMeanMs} → ${figures.meanMs}`,
    cell: ({ figures, beforeMeanMs }) => <Means before={beforeMeanMs} now={figures.meanMs ?? 0} />,
  },
  {
    id: 'extra',
    header: 'Costs',
    hint: 'Time that the slower calls took in the window beyond what they would have taken before.',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: ({ extraMs }) => extraMs,
    cell: ({ extraMs }) => duration(extraMs),
  },
  {
    id: 'calls',
    header: 'Calls',
    width: 72,
    align: 'end',
    descendingFirst: true,
    value: ({ figures }) => figures.calls,
    cell: ({ figures }) => shortCount(figures.calls),
  },
  {
    id: 'share',
    header: 'Share',
    hint: 'Of the time of all statements in the window.',
    width: 64,
    align: 'end',
    descendingFirst: true,
    value: ({ share }) => share,
    cell: ({ share }) => (share === null ? '–' : percent(share)),
  },
  {
    id: 'statement',
    header: 'Statement',
    width: 300,
    grow: true,
    mono: true,
    always: true,
    value: (row) => statementLine(row),
    cell: (row) => <span dir="auto">{statementLine(row)}</span>,
  },
  { id: 'user', header: 'User', width: 96, most: 150, value: ({ user }) => user },
  { id: 'database', header: 'Database', width: 96, most: 150, value: ({ database }) => database },
];

function Means({ before, now }: { before: number; now: number }) {
  const most = Math.max(before, now, 1e-9);
  return (
    <span className={styles.means}>
      <span className={styles.bars} aria-hidden>
        <span style={{ width: `${(before / most) * 100}%` }} />
        <span data-now style={{ width: `${(now / most) * 100}%` }} />
      </span>
      {callTime(before)} → {callTime(now)}
    </span>
  );
}
