import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { SizeSource, StoredTable } from '../../../preload/contract/storage.ts';
import { bytes, count, duration, exactBytes, plural } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../parts.module.css';
import { SizeBar, Spark, signedBytes, totalOf } from '../sizes.tsx';
import type { SchemaRow, TableRow } from './table-rows.ts';

const none = <span className={styles.soft}>–</span>;

const sourceWords: Record<SizeSource, string> = {
  exact: 'Measured now',
  pages: 'As the last VACUUM or ANALYZE noted',
  waiting: 'As the last VACUUM or ANALYZE noted: it is locked',
  unknown: 'Not measured yet, and nothing noted it',
};

function Name({ row: { table, depth, isOpen, onToggle } }: { row: TableRow }) {
  const { oid, schema, name, partitions, kind, temporary, unlogged } = table;
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  const full = visible(`${schema}.${name}`);
  return (
    <span className={styles.name} style={{ paddingInlineStart: depth * 16 }} title={full}>
      {kind === 'partitioned table' ? (
        <button
          type="button"
          tabIndex={-1}
          className={styles.caret}
          aria-expanded={isOpen}
          aria-label={`Partitions of ${full}`}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(oid);
          }}
        >
          <Icon size={14} />
        </button>
      ) : (
        <span className={styles.caret} aria-hidden />
      )}
      <bdi>
        <span className={styles.soft}>{visible(schema)}.</span>
        {visible(name)}
      </bdi>
      {kind === 'partitioned table' && <span className={styles.soft}>{plural(partitions, 'partition')}</span>}
      {kind === 'materialized view' && <span className={styles.soft}>materialized view</span>}
      {temporary && <span className={styles.soft}>temporary</span>}
      {unlogged && <span className={styles.soft}>unlogged</span>}
    </span>
  );
}

const part = (
  id: 'heap' | 'toast' | 'indexes',
  header: string,
  hint: string,
  of: (table: StoredTable) => number,
): DataColumn<TableRow> => ({
  id,
  header,
  hint,
  width: 84,
  align: 'end',
  descendingFirst: true,
  value: ({ root }) => (root.source === 'unknown' ? null : of(root)),
  text: ({ table }) => String(of(table)),
  cell: ({ table }) =>
    table.source === 'unknown' || of(table) === 0 ? (
      none
    ) : (
      <span title={exactBytes(of(table))}>{bytes(of(table))}</span>
    ),
});

export const tableColumns: readonly DataColumn<TableRow>[] = [
  {
    id: 'name',
    header: 'Table',
    width: 260,
    grow: true,
    always: true,
    value: ({ root }) => `${root.schema}.${root.name}`,
    text: ({ table }) => `${table.schema}.${table.name}`,
    cell: (row) => <Name row={row} />,
  },
  {
    id: 'total',
    header: 'Size',
    hint: 'Heap, TOAST and indexes together.',
    width: 200,
    most: 320,
    align: 'end',
    always: true,
    descendingFirst: true,
    value: ({ root }) => (root.source === 'unknown' ? null : totalOf(root.size)),
    text: ({ table }) => String(totalOf(table.size)),
    cell: ({ table, largest }) =>
      table.source === 'unknown' ? (
        <span className={styles.soft} title={sourceWords.unknown}>
          not known
        </span>
      ) : (
        <SizeBar size={table.size} largest={largest} />
      ),
  },
  part(
    'heap',
    'Heap',
    'The rows themselves, with the free space and visibility maps.',
    ({ size }) => Number(size.heap) + Number(size.maps),
  ),
  part('toast', 'TOAST', 'Long values, stored apart, with their index.', ({ size }) => Number(size.toast)),
  part('indexes', 'Indexes', 'All indexes of the table.', ({ size }) => Number(size.indexes)),
  {
    id: 'rows',
    header: 'Rows',
    hint: 'The planner’s estimate.',
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ root }) => root.rows,
    text: ({ table }) => String(table.rows ?? ''),
    cell: ({ table: { rows } }) => (rows === null ? none : <>≈ {count(rows)}</>),
  },
  {
    id: 'growth',
    header: 'Growth, 30 d',
    hint: 'Since the first measurement of the last 30 days.',
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ root, grown, table }) =>
      grown?.growth == null || root !== table ? null : Number(grown.growth),
    text: ({ grown }) => grown?.growth ?? '',
    cell: ({ grown }) =>
      grown?.growth == null ? (
        none
      ) : (
        <span title={`${exactBytes(grown.growth)} over ${duration(grown.overMs ?? 0)}`}>
          {signedBytes(grown.growth)}
        </span>
      ),
  },
  {
    id: 'spark',
    header: 'Trend',
    width: 90,
    value: () => null,
    text: ({ grown }) => grown?.spark.join(' ') ?? '',
    cell: ({ grown }) => <Spark values={grown?.spark ?? []} />,
  },
  {
    id: 'source',
    header: 'Known from',
    width: 140,
    hiddenAtFirst: true,
    value: ({ root }) => sourceWords[root.source],
    text: ({ table }) => sourceWords[table.source],
  },
  {
    id: 'dead',
    header: 'Dead rows',
    width: 90,
    align: 'end',
    hiddenAtFirst: true,
    descendingFirst: true,
    value: ({ root }) => root.deadRows,
    text: ({ table }) => String(table.deadRows ?? ''),
    cell: ({ table: { deadRows } }) => (deadRows === null ? none : <>≈ {count(deadRows)}</>),
  },
];

export const schemaColumns: readonly DataColumn<SchemaRow>[] = [
  {
    id: 'schema',
    header: 'Schema',
    width: 260,
    grow: true,
    always: true,
    value: ({ schema }) => schema,
    cell: ({ schema }) => <bdi>{visible(schema)}</bdi>,
  },
  {
    id: 'size',
    header: 'Size',
    width: 240,
    most: 420,
    align: 'end',
    descendingFirst: true,
    value: ({ size }) => totalOf(size),
    cell: ({ size, largest }) => <SizeBar size={size} largest={largest} />,
  },
  {
    id: 'indexes',
    header: 'Indexes',
    width: 96,
    align: 'end',
    descendingFirst: true,
    value: ({ size }) => Number(size.indexes),
    cell: ({ size }) => bytes(size.indexes),
  },
  {
    id: 'tables',
    header: 'Tables',
    hint: 'Partitions are counted one by one.',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: ({ tables }) => tables,
    cell: ({ tables }) => count(tables),
  },
];
