import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { StoredTable } from '../../../preload/contract/storage.ts';
import type { BloatEstimate } from '../../../preload/contract/storage-bloat.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, exactBytes, percent } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { GrowthChart } from '../growth/growth-chart.tsx';
import styles from '../parts.module.css';
import { totalOf } from '../sizes.tsx';
import { useGrowth } from '../use-growth.ts';
import { ExactDialog, type ExactTarget } from './exact-dialog.tsx';

interface TableInspectorProps {
  environment: Environment;
  isConnected: boolean;
  table: StoredTable;
  onClose: () => void;
}

/** One table: what it is made of, how it grew, what of it is empty, and its indexes. */
export function TableInspector({ environment, isConnected, table, onClose }: TableInspectorProps) {
  const { oid, schema, name, kind } = table;
  const [exact, setExact] = useState<ExactTarget>();
  const detail = useQuery({
    queryKey: ['storage', environment.id, 'table', oid],
    queryFn: () => client.storage.table({ environment: environment.id, oid }),
    enabled: isConnected,
  });
  const bloat = useQuery({
    queryKey: ['storage', environment.id, 'bloat'],
    queryFn: () => client.storage.bloat({ environment: environment.id }),
    enabled: isConnected,
    staleTime: 60_000,
  });
  const isPartitioned = kind === 'partitioned table';
  const estimateOf = (relation: number): BloatEstimate | undefined =>
    bloat.data?.relations.find((one) => one.oid === relation);
  return (
    <>
      <Inspector
        title={
          <bdi>
            <span className={styles.soft}>{visible(schema)}.</span>
            {visible(name)}
          </bdi>
        }
        onClose={onClose}
      >
        <div className={styles.sections}>
          <Section title="Made of">
            <Composition table={table} />
          </Section>
          <TableGrowth environment={environment.id} oid={oid} isPartition={table.parent !== null} />
          {!isPartitioned && isConnected && (
            <Section title="Bloat">
              <Bloat estimate={estimateOf(oid)} isPending={bloat.isPending} />
              <div className={styles.actions}>
                <Button onClick={() => setExact({ oid, name: `${schema}.${name}`, isIndex: false })}>
                  Measure exactly…
                </Button>
              </div>
            </Section>
          )}
          {detail.isLoading && <Loading label="Loading the indexes" rows={3} />}
          {detail.isError && <Explanation explanation={explain(detail.error)} severity="warning" />}
          {detail.data && (
            <Section title="Indexes" of={detail.data.indexes.length}>
              {detail.data.limits.map((limit) => (
                <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
              ))}
              {detail.data.bound && <Coded text={detail.data.bound} label="Copy the bound" />}
              {detail.data.partitionKey && (
                <Coded text={`PARTITION BY ${detail.data.partitionKey}`} label="Copy the partition key" />
              )}
              {detail.data.indexes.map((index) => (
                <article key={index.oid} className={styles.index}>
                  <header>
                    <b>{visible(index.name)}</b>
                    {!isPartitioned && <span>{index.bytes === null ? 'not known' : bytes(index.bytes)}</span>}
                  </header>
                  {index.definition && <Coded text={index.definition} label="Copy the definition" />}
                  <IndexBloat
                    estimate={estimateOf(index.oid)}
                    isBtree={index.definition?.includes(' USING btree ') === true && !isPartitioned}
                    onMeasure={() =>
                      setExact({ oid: index.oid, name: `${schema}.${index.name}`, isIndex: true })
                    }
                  />
                </article>
              ))}
            </Section>
          )}
        </div>
      </Inspector>
      {exact && <ExactDialog environment={environment} target={exact} onClose={() => setExact(undefined)} />}
    </>
  );
}

function Composition({
  table: { size, rows, deadRows, partitions, kind, tablespace, source },
}: {
  table: StoredTable;
}) {
  const total = totalOf(size);
  const part = (value: number) => (
    <span title={exactBytes(value)}>
      {bytes(value)}
      {total > 0 && <span className={styles.soft}> {percent(value / total)}</span>}
    </span>
  );
  return (
    <Facts>
      <Fact label="Size">
        {source === 'unknown' ? 'not known' : <b title={exactBytes(total)}>{bytes(total)}</b>}
      </Fact>
      <Fact label="Heap">{part(Number(size.heap))}</Fact>
      <Fact label="Maps">{part(Number(size.maps))}</Fact>
      <Fact label="TOAST">{part(Number(size.toast))}</Fact>
      <Fact label="Indexes">{part(Number(size.indexes))}</Fact>
      <Fact label="Rows">{rows === null ? 'not known' : `about ${count(rows)}`}</Fact>
      <Fact label="Dead rows">{deadRows === null ? 'not known' : `about ${count(deadRows)}`}</Fact>
      {kind === 'partitioned table' && <Fact label="Partitions">{count(partitions)}</Fact>}
      {tablespace && <Fact label="Tablespace">{visible(tablespace)}</Fact>}
    </Facts>
  );
}

function TableGrowth({
  environment,
  oid,
  isPartition,
}: {
  environment: string;
  oid: number;
  isPartition: boolean;
}) {
  const growth = useGrowth(environment, '30d', { kind: 'table', oid });
  return (
    <Section title="Growth">
      {isPartition ? (
        <p className={styles.soft}>Growth is kept of the partitioned table as a whole.</p>
      ) : growth.data && growth.data.points.length > 1 ? (
        <div className={styles.chart}>
          <GrowthChart id={`table-${oid}`} title="Size, 30 days" growth={growth.data} />
        </div>
      ) : (
        <p className={styles.soft}>
          {growth.data?.noForecast ?? 'Of small tables that do not change sizes are not kept one by one.'}
        </p>
      )}
    </Section>
  );
}

function Bloat({ estimate, isPending }: { estimate: BloatEstimate | undefined; isPending: boolean }) {
  if (isPending) return <p className={styles.soft}>Estimating</p>;
  if (!estimate) return <p className={styles.soft}>Below 10 MB bloat is not worth a look.</p>;
  if (estimate.wasted === null)
    return <p className={styles.soft}>Not known: its statistics are missing, or hidden from this role.</p>;
  return (
    <p>
      About <b>{bytes(estimate.wasted)}</b> of {bytes(estimate.bytes)} would not be needed by its rows.{' '}
      <span className={styles.soft}>An estimate from the planner’s statistics.</span>
    </p>
  );
}

interface IndexBloatProps {
  estimate: BloatEstimate | undefined;
  isBtree: boolean;
  onMeasure: () => void;
}

function IndexBloat({ estimate, isBtree, onMeasure }: IndexBloatProps) {
  if (!isBtree) return null;
  return (
    <div className={styles.actions}>
      {estimate?.wasted != null && (
        <span className={styles.soft}>about {bytes(estimate.wasted)} empty (estimate)</span>
      )}
      <Button size="compact-xs" variant="subtle" onClick={onMeasure}>
        Measure exactly…
      </Button>
    </div>
  );
}

function Coded({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.coded}>
      <pre className={styles.code}>{text}</pre>
      <CopyButton text={text} label={label} />
    </div>
  );
}
