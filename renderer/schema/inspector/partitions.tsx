import { useMemo } from 'react';
import type { Printed } from '../../../preload/contract/schema-model.ts';
import { bytes, exactBytes, shortCount } from '../../components/format.ts';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import type { TableParts } from './details/details.ts';
import styles from './inspector.module.css';
import { type Go, PrintedText } from './parts.tsx';
import { type TableName, useTableFacts } from './use-table-facts.ts';

interface PartitionRow {
  key: string;
  oid: string;
  name: string;
  bound: Printed | null;
  bytes: string | null;
  rows: string | null;
}

interface PartitionsProps {
  partitions: TableParts['partitions'];
  of: TableName;
  go: Go;
}

/** Direct partitions with their bounds, and their sizes as the server tells them. */
export function Partitions({ partitions, of, go }: PartitionsProps) {
  const facts = useTableFacts(of, true);
  const told = facts.data?.partitions;
  const rows = useMemo<PartitionRow[]>(() => {
    const sizes = new Map(told?.map((one) => [`${one.schema}\0${one.name}`, one]));
    return partitions.map(({ oid, schema, name, bound }) => {
      const size = sizes.get(`${schema}\0${name}`);
      return {
        key: oid,
        oid,
        name: schema === of.schema ? name : `${schema}.${name}`,
        bound,
        bytes: size?.bytes ?? null,
        rows: size?.estimatedRows ?? null,
      };
    });
  }, [partitions, told, of.schema]);
  return (
    <div className={styles.grid} style={{ height: Math.min(360, (rows.length + 2) * 28 + 16) }}>
      <DataTable
        name="schema-partitions"
        label="Partitions"
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        noun="partition"
        onOpen={({ oid }) => go(oid)?.()}
      />
    </div>
  );
}

const keyOf = ({ key }: PartitionRow): string => key;
const numberOf = (text: string | null): number | null =>
  text === null || Number(text) < 0 ? null : Number(text);
/** `FOR VALUES FROM (a) TO (b)` in little room: `a → b`. */
function boundText(bound: Printed | null): string {
  if (bound?.state !== 'known') return '';
  const text = bound.text.replace(/^FOR VALUES /, '');
  const range = /^FROM \((.*)\) TO \((.*)\)$/s.exec(text);
  return range ? `${range[1]} → ${range[2]}` : text;
}

const columns: readonly DataColumn<PartitionRow>[] = [
  { id: 'name', header: 'Name', width: 136, most: 220, mono: true, always: true, value: ({ name }) => name },
  {
    id: 'bound',
    header: 'Bound',
    width: 128,
    grow: true,
    mono: true,
    value: ({ bound }) => boundText(bound),
    cell: ({ bound }) =>
      bound && bound.state !== 'known' ? (
        <PrintedText printed={bound} />
      ) : (
        <bdi title={boundText(bound)}>{boundText(bound)}</bdi>
      ),
  },
  {
    id: 'bytes',
    header: 'Size',
    width: 64,
    align: 'end',
    descendingFirst: true,
    value: (row) => numberOf(row.bytes),
    text: (row) => row.bytes ?? '',
    cell: (row) => (row.bytes === null ? '' : <span title={exactBytes(row.bytes)}>{bytes(row.bytes)}</span>),
  },
  {
    id: 'rows',
    header: 'Rows',
    hint: 'As the server estimates them',
    width: 56,
    align: 'end',
    descendingFirst: true,
    value: (row) => numberOf(row.rows),
    text: (row) => row.rows ?? '',
    cell: (row) => {
      const rows = numberOf(row.rows);
      return rows === null ? '' : <span title={String(rows)}>{shortCount(rows)}</span>;
    },
  },
];
