import { others, type WaitDimension, type WaitShare, type WaitTop } from '../../preload/contract/waits.ts';
import { duration, percent, rate } from '../components/format.ts';
import type { DataColumn } from '../components/table/columns.ts';
import { typeColor } from './colors.ts';
import styles from './waits.module.css';

/** A row of the list of who made up a span. */
export interface ShareRow extends WaitShare {
  /** Of all that was active, 0 to 1. */
  share: number;
  /** Of the largest row, 0 to 1: how long its bar is. */
  length: number;
  /** Average active sessions. */
  average: number;
}

export function shareRows({ shares, totalMs, coveredMs }: WaitTop): ShareRow[] {
  const largest = Math.max(1, ...shares.map(({ ms }) => ms));
  return shares.map((one) => ({
    ...one,
    share: totalMs > 0 ? one.ms / totalMs : 0,
    length: one.ms / largest,
    average: coveredMs > 0 ? one.ms / coveredMs : 0,
  }));
}

export const dimensionWords: Record<WaitDimension, { one: string; many: string }> = {
  type: { one: 'Wait type', many: 'Wait types' },
  event: { one: 'Wait event', many: 'Wait events' },
  statement: { one: 'Statement', many: 'Statements' },
  user: { one: 'User', many: 'Users' },
  application: { one: 'Application', many: 'Applications' },
  database: { one: 'Database', many: 'Databases' },
};

/** The columns of that list; the bar shows for what the time went, in the colours of wait types. */
export function shareColumns(by: WaitDimension): readonly DataColumn<ShareRow>[] {
  return [
    {
      id: 'label',
      header: dimensionWords[by].one,
      width: 200,
      grow: true,
      always: true,
      mono: by === 'statement',
      value: ({ label }) => label,
      cell: ({ key, label }) => (
        <span dir="auto" title={label} className={key === others ? styles.others : undefined}>
          {label}
        </span>
      ),
    },
    {
      id: 'bar',
      header: 'Waits for',
      hint: 'For what its time went, by wait type.',
      width: 152,
      value: ({ ms }) => ms,
      text: ({ byType }) =>
        typesOf(byType)
          .map(([type, ms]) => `${type} ${duration(ms)}`)
          .join(', '),
      cell: (row) => <Bar row={row} />,
      descendingFirst: true,
    },
    {
      id: 'average',
      header: 'Average active',
      hint: 'Sessions active at the same time, on average over the time that was sampled.',
      width: 108,
      align: 'end',
      value: ({ average }) => average,
      cell: ({ average }) => <span title={`${average.toFixed(3)} sessions`}>{rate(average)}</span>,
      descendingFirst: true,
    },
    {
      id: 'share',
      header: 'Share',
      width: 64,
      align: 'end',
      value: ({ share }) => share,
      cell: ({ share }) => percent(share),
      descendingFirst: true,
    },
    {
      id: 'time',
      header: 'Active time',
      hint: 'All its sessions together.',
      width: 108,
      align: 'end',
      value: ({ ms }) => ms,
      text: ({ ms }) => duration(ms),
      cell: ({ ms }) => duration(ms),
      descendingFirst: true,
    },
  ];
}

const typesOf = (byType: ShareRow['byType']): [string, number][] =>
  Object.entries(byType).sort(([, a], [, b]) => b - a);

function Bar({ row: { byType, ms, length } }: { row: ShareRow }) {
  const types = typesOf(byType);
  const said = types.map(([type, part]) => `${type} ${percent(part / Math.max(1, ms))}`).join(', ');
  return (
    <span className={styles.bar} role="img" aria-label={said} title={said}>
      <span className={styles.filled} style={{ width: `${length * 100}%` }}>
        {types.map(([type, part]) => (
          <span
            key={type}
            style={{ width: `${(part / Math.max(1, ms)) * 100}%`, background: typeColor(type) }}
          />
        ))}
      </span>
    </span>
  );
}
