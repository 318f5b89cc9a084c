import { useQuery } from '@tanstack/react-query';
import type { DatabaseSize } from '../../../preload/contract/metrics.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, duration, exactBytes } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../parts.module.css';
import { signedBytes } from '../sizes.tsx';

const keyOf = ({ database }: DatabaseSize): string => database;
const largestFirst = [{ id: 'size', desc: true }];
const none = <span className={styles.soft}>–</span>;

const columns: readonly DataColumn<DatabaseSize>[] = [
  {
    id: 'database',
    header: 'Database',
    width: 260,
    grow: true,
    always: true,
    value: ({ database }) => database,
    cell: ({ database }) => <bdi>{visible(database)}</bdi>,
  },
  {
    id: 'size',
    header: 'Size',
    width: 120,
    align: 'end',
    descendingFirst: true,
    value: (row) => (row.bytes === null ? null : Number(row.bytes)),
    cell: (row) =>
      row.bytes === null ? (
        <span className={styles.soft} title="This role may not connect to it, so its size is not told.">
          not visible
        </span>
      ) : (
        <span title={exactBytes(row.bytes)}>{bytes(row.bytes)}</span>
      ),
  },
  {
    id: 'growth',
    header: 'Growth, 30 d',
    hint: 'Since the first measurement of the last 30 days.',
    width: 120,
    align: 'end',
    descendingFirst: true,
    value: ({ growth }) => (growth === null ? null : Number(growth)),
    cell: ({ growth, overMs }) =>
      growth === null ? none : <span title={`over ${duration(overMs ?? 0)}`}>{signedBytes(growth)}</span>,
  },
];

/** All databases of the server, as the slow beat of the overview measures them. */
export function Databases({ environment }: { environment: string }) {
  const query = useQuery({
    queryKey: ['metrics', environment, 'databases', '30d'],
    queryFn: () => client.metrics.databases({ environment, window: '30d' }),
    refetchInterval: 60_000,
  });
  if (query.isPending) return <Loading label="Loading the databases" rows={6} />;
  if (query.isError) {
    return (
      <div className={styles.limits}>
        <Explanation explanation={explain(query.error)} />
      </div>
    );
  }
  return (
    <div className={styles.table}>
      <DataTable
        name="storage-databases"
        label="Databases by size"
        noun="database"
        columns={columns}
        rows={query.data.databases}
        keyOf={keyOf}
        sorting={largestFirst}
        empty={
          <Empty title="Not measured yet">
            Sizes of whole databases walk the server’s files, so they are taken every ten minutes at most.
          </Empty>
        }
      />
    </div>
  );
}
