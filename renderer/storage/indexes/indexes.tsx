import { ActionIcon, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { IconBinaryTree, IconPlugConnectedX, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { IndexUse } from '../../../preload/contract/storage.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, duration, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Limits } from '../limits.tsx';
import styles from '../parts.module.css';
import { Findings } from './findings.tsx';
import { indexColumns } from './index-columns.tsx';
import { useIndexes } from './use-indexes.ts';

const keyOf = ({ oid }: IndexUse): string => String(oid);
const largestFirst = [{ id: 'bytes', desc: true }];

/** What is wrong with the indexes, and all of them with their use. */
export default function Indexes({ environment, status, choice }: ViewProps) {
  const isConnected = status.state === 'connected';
  const { report, isFetching, problem, refresh } = useIndexes(environment.id, isConnected);
  const [shown, setShown] = useState<'findings' | 'all'>('findings');
  const [filter, setFilter] = useState('');
  const [withParts, setWithParts] = useState(false);
  usePaletteActions(
    useMemo(
      () => [
        { id: 'storage-indexes-again', label: 'Look at the indexes again', icon: IconRefresh, run: refresh },
        {
          id: 'storage-findings',
          label: 'Show what is wrong with the indexes',
          icon: IconBinaryTree,
          run: () => setShown('findings'),
        },
        {
          id: 'storage-all-indexes',
          label: 'Show all indexes',
          icon: IconBinaryTree,
          run: () => setShown('all'),
        },
      ],
      [refresh],
    ),
  );
  const rows = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return (report?.indexes ?? []).filter(({ schema, name, tableName, verdict }) => {
      if (verdict === 'part-of-parent' && !withParts) return false;
      const text = `${schema}.${name} ${tableName}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [report, filter, withParts]);
  const total = (report?.indexes ?? []).reduce(
    (sum, one) => sum + (one.verdict === 'part-of-parent' ? 0 : Number(one.bytes)),
    0,
  );

  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        {choice}
        <SegmentedControl
          aria-label="Show"
          value={shown}
          onChange={(next) => setShown(next as typeof shown)}
          data={[
            {
              value: 'findings',
              label: report?.complete ? `Findings (${report.findings.length})` : 'Findings',
            },
            { value: 'all', label: 'All indexes' },
          ]}
        />
        {shown === 'all' && (
          <TextInput
            data-filter
            className={styles.search ?? ''}
            placeholder="Search"
            aria-label="Search in names of indexes and tables"
            leftSection={<IconSearch size={14} />}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        )}
        {shown === 'all' && (
          <Checkbox
            label="Those of partitions"
            checked={withParts}
            onChange={(event) => setWithParts(event.currentTarget.checked)}
          />
        )}
        <span className={styles.space} />
        {report?.counting.on && report.counting.forMs > 3_600_000 && (
          <span className={styles.soft}>
            Use counted for {duration(Math.floor(report.counting.forMs / 60_000) * 60_000)}
          </span>
        )}
        <ActionIcon
          variant="default"
          aria-label="Look again"
          title="Look again"
          disabled={!isConnected}
          loading={isFetching}
          onClick={refresh}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </div>
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={report ? 'warning' : 'bad'} />
        </div>
      )}
      <Limits limits={report?.limits ?? []} />
      {!report ? (
        isConnected ? (
          !problem && <Loading label="Reading the indexes" rows={12} />
        ) : (
          <Empty icon={IconPlugConnectedX} title="Indexes can be looked at only while connected">
            How often they are used is counted by the server and not kept here.
          </Empty>
        )
      ) : shown === 'all' ? (
        <div className={styles.table}>
          <DataTable
            name="storage-indexes"
            label="Indexes"
            noun="index"
            nouns="indexes"
            columns={indexColumns}
            rows={rows}
            keyOf={keyOf}
            sorting={largestFirst}
            filterSignature={`${filter} ${withParts}`}
            empty={
              <Empty title={filter ? 'No index has such a name' : 'There is no index in this database'} />
            }
            note={`${bytes(total)} in indexes`}
          />
        </div>
      ) : !report.complete ? (
        <Loading label="Comparing the indexes" rows={8} />
      ) : report.findings.length === 0 ? (
        <Empty icon={IconBinaryTree} title="Nothing is wrong with the indexes">
          {plural(report.indexes.length, 'index', 'indexes')} were compared: none is there twice, not valid,
          or the beginning of another one
          {report.limits.length > 0 ? ', as far as could be judged' : ', and none is unused'}.
        </Empty>
      ) : (
        <Findings findings={report.findings} />
      )}
    </div>
  );
}
