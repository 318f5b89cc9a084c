import { Button } from '@mantine/core';
import { IconRefresh, IconTableRow } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { Facts } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import type { TableParts } from './details/details.ts';
import styles from './inspector.module.css';
import { prettyValue } from './pretty-value.ts';
import type { TableName } from './use-table-facts.ts';

const limit = 50;
/** px of a column at first. */
const widest = 220;
/** Columns that the table draws; the record below it has all of them. */
const mostColumns = 60;

/** A few rows, read when somebody asks for them and never by itself. */
export function Rows({ of, table }: { of: TableName; table: TableParts }) {
  const [isAsked, setAsked] = useState(false);
  const cache = useQueryClient();
  const queryKey = ['schema', of.environment, 'rows', of.schema, of.table];
  const sample = useQuery({
    queryKey,
    queryFn: ({ signal }) => client.schema.sampleRows({ ...of, limit }, { signal }),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (!isAsked) {
    return (
      <div className={styles.sections}>
        <p className={styles.soft}>
          Rows are read only when you ask for them, in a read-only transaction: the first {limit} that the
          server finds, in no order
          {table.kind === 'view' ? '. The view’s query is run for it, for 5 s at most' : ''}.
        </p>
        <div>
          <Button leftSection={<IconTableRow size={14} />} onClick={() => setAsked(true)}>
            Read {limit} rows
          </Button>
        </div>
      </div>
    );
  }
  if (sample.isError) {
    return (
      <Explanation
        explanation={explain(sample.error)}
        compact
        actions={
          <Button loading={sample.isFetching} onClick={() => void sample.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (!sample.data) {
    return (
      <div className={styles.sections}>
        <Loading label="Reading rows" rows={8} />
        <div>
          <Button
            onClick={() => {
              setAsked(false);
              void cache.cancelQueries({ queryKey });
            }}
          >
            Cancel
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.sections}>
      <div className={styles.bar}>
        <span className={styles.soft}>
          {sample.data.rows.length === 0 ? noRows(table) : plural(sample.data.rows.length, 'row')}, read{' '}
          <TimeAgo at={sample.data.at} />
        </span>
        <span className={styles.space} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconRefresh size={14} />}
          loading={sample.isFetching}
          onClick={() => void sample.refetch()}
        >
          Read again
        </Button>
      </div>
      {sample.data.rows.length > 0 && <Grid of={of} columns={sample.data.columns} rows={sample.data.rows} />}
    </div>
  );
}

/** With row security there may be some for others. */
const noRows = ({ rowSecurity }: TableParts): string =>
  rowSecurity === 'off' ? 'No rows' : 'No rows that this role may see';

interface SampleRow {
  key: string;
  cells: readonly (string | null)[];
}

interface GridProps {
  of: TableName;
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}

function Grid({ of, columns, rows }: GridProps) {
  const [active, setActive] = useState<SampleRow | null>(null);
  const drawn = useMemo(
    () => columns.slice(0, mostColumns).map((name, at) => columnOf(name, at, rows)),
    [columns, rows],
  );
  const data = useMemo(() => rows.map((cells, at): SampleRow => ({ key: String(at), cells })), [rows]);
  const current = active ? data[Number(active.key)] : data[0];
  return (
    <>
      <div className={styles.grid} style={{ height: Math.min(360, (rows.length + 2) * 28 + 24) }}>
        <DataTable
          name={`schema-rows ${shortHash(`${of.schema}\0${of.table}`)}`}
          label={`Rows of ${of.table}`}
          columns={drawn}
          rows={data}
          keyOf={keyOf}
          sortable={false}
          onActive={setActive}
          onOpen={setActive}
          footer={false}
        />
      </div>
      {columns.length > mostColumns && (
        <p className={styles.soft}>
          The first {mostColumns} of {plural(columns.length, 'column')}; the row below has all of them.
        </p>
      )}
      {current && <Record at={Number(current.key)} columns={columns} cells={current.cells} />}
    </>
  );
}

/** FNV-1a: names may be longer than what widths are kept under. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

const keyOf = ({ key }: SampleRow): string => key;

/** Ids are places, for names may be anything. */
function columnOf(name: string, at: number, rows: GridProps['rows']): DataColumn<SampleRow> {
  const longest = rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 4), name.length);
  return {
    id: `c${at}`,
    header: name,
    hint: name,
    width: Math.min(widest, longest * 7.5 + 20),
    mono: true,
    value: ({ cells }) => cells[at] ?? null,
    cell: ({ cells }) => <Cell value={cells[at] ?? null} />,
  };
}

function Cell({ value }: { value: string | null }) {
  if (value === null) return <span className={styles.null}>null</span>;
  if (value === '') return <span className={styles.null}>empty</span>;
  return <bdi title={value.slice(0, 400)}>{value.replace(/\s+/g, ' ')}</bdi>;
}

/** One row with each value in full, as far as it was read. */
function Record({
  at,
  columns,
  cells,
}: {
  at: number;
  columns: readonly string[];
  cells: SampleRow['cells'];
}) {
  const asJson = (): string =>
    JSON.stringify(Object.fromEntries(columns.map((name, place) => [name, cells[place] ?? null])), null, 2);
  return (
    <section>
      <div className={styles.bar}>
        <h3 className={styles.heading}>Row {at + 1}</h3>
        <span className={styles.space} />
        <CopyButton text={asJson} label="Copy the row as JSON" />
      </div>
      <Facts className={styles.record}>
        {columns.map((name, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place.
          <Field key={place} name={name} value={cells[place] ?? null} />
        ))}
      </Facts>
    </section>
  );
}

function Field({ name, value }: { name: string; value: string | null }) {
  return (
    <>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>
        {value === null || value === '' ? (
          <Cell value={value} />
        ) : (
          <pre className={styles.value} dir="auto">
            {prettyValue(value)}
          </pre>
        )}
      </dd>
    </>
  );
}
