import type { IndexUse, IndexVerdict } from '../../../preload/contract/storage.ts';
import { bytes, count, dateTime, exactBytes, shortAge } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../parts.module.css';

const none = <span className={styles.soft}>–</span>;

const verdictWords: Record<IndexVerdict, readonly [word: string, why: string]> = {
  used: ['Used', 'Scans of it were counted.'],
  rarely: ['Rarely', 'Its last scan was more than 30 days ago.'],
  unused: ['Unused', 'No scan of it was counted in at least 7 days.'],
  'too-early': ['Not judged', 'Use has not been counted for 7 days yet.'],
  'not-counted': ['Not counted', 'This server does not count its use.'],
  'keeps-rows-right': ['Needed', 'It keeps rows unique, or a constraint or replication stands on it.'],
  'keeps-statistics': [
    'Statistics',
    'The planner uses the statistics of its expression without scanning it.',
  ],
  'part-of-parent': ['Part', 'It is part of an index of the partitioned table, and judged with that.'],
  young: ['New', 'It was made less than 7 days ago.'],
};

export const indexColumns: readonly DataColumn<IndexUse>[] = [
  {
    id: 'name',
    header: 'Index',
    width: 190,
    grow: true,
    always: true,
    value: ({ schema, name }) => `${schema}.${name}`,
    cell: ({ schema, name, attachedTo }) => (
      <bdi title={visible(attachedTo ? `${schema}.${name}, part of ${attachedTo}` : `${schema}.${name}`)}>
        {visible(name)}
      </bdi>
    ),
  },
  {
    id: 'table',
    header: 'Table',
    width: 160,
    grow: true,
    value: ({ schema, tableName }) => `${schema}.${tableName}`,
    cell: ({ schema, tableName }) => (
      <bdi>
        <span className={styles.soft}>{visible(schema)}.</span>
        {visible(tableName)}
      </bdi>
    ),
  },
  {
    id: 'columns',
    header: 'Columns',
    width: 160,
    grow: true,
    value: ({ columns }) => columns.join(', '),
    cell: ({ columns, keys }) => (
      <bdi>
        {visible(columns.slice(0, keys).join(', '))}
        {columns.length > keys && (
          <span className={styles.soft}> include {visible(columns.slice(keys).join(', '))}</span>
        )}
      </bdi>
    ),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 120,
    value: (row) => kindWords(row),
  },
  {
    id: 'bytes',
    header: 'Size',
    width: 84,
    align: 'end',
    descendingFirst: true,
    value: (row) => Number(row.bytes),
    cell: (row) => <span title={exactBytes(row.bytes)}>{bytes(row.bytes)}</span>,
  },
  {
    id: 'scans',
    header: 'Scans',
    hint: 'Since the counters were reset, or the server was started.',
    width: 90,
    align: 'end',
    descendingFirst: true,
    value: ({ scans }) => (scans === null ? null : Number(scans)),
    cell: ({ scans }) => (scans === null ? none : count(scans)),
  },
  {
    id: 'last',
    header: 'Last scan',
    hint: 'PostgreSQL 16 and later.',
    width: 84,
    align: 'end',
    descendingFirst: true,
    value: ({ lastScanAt }) => lastScanAt,
    cell: ({ lastScanAt }) =>
      lastScanAt === null ? (
        none
      ) : (
        <span title={dateTime(lastScanAt)}>{shortAge(Date.now() - lastScanAt)}</span>
      ),
  },
  {
    id: 'verdict',
    header: 'Use',
    width: 92,
    value: ({ verdict }) => verdictWords[verdict][0],
    cell: ({ verdict, valid }) =>
      valid ? (
        <span title={verdictWords[verdict][1]}>{verdictWords[verdict][0]}</span>
      ) : (
        <span title="No query uses it.">Not valid</span>
      ),
  },
];

function kindWords({ method, primary, unique, partial, constraint }: IndexUse): string {
  const words = [
    primary ? 'primary key' : constraint ? 'constraint' : unique ? 'unique' : '',
    partial ? 'partial' : '',
  ];
  return [...words.filter(Boolean), method === 'btree' ? '' : method].filter(Boolean).join(', ') || 'btree';
}
