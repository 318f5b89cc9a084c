import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { oneLine } from '../../../preload/contract/diagram/scene/text.ts';
import type { TableFacts } from '../../../preload/contract/schema.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, exactBytes, percent } from '../../components/format.ts';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { explain } from '../../lib/errors.ts';
import type { TableParts } from './details/details.ts';
import { hasManyDead, instantOf, laterOf, shareOf } from './facts-words.ts';
import { Unused } from './indexes.tsx';
import styles from './inspector.module.css';
import { Partitions } from './partitions.tsx';
import type { Go } from './parts.tsx';
import { type TableName, useTableFacts } from './use-table-facts.ts';

/** How large a table is, how it is used and when it was last cleaned up. */
export function Statistics({ of, table, go }: { of: TableName; table: TableParts; go: Go }) {
  const facts = useTableFacts(of, true);
  if (!facts.data) {
    if (!facts.isError) return <Loading label="Asking for sizes and use" rows={10} />;
    return (
      <Explanation
        explanation={explain(facts.error)}
        compact
        actions={<Button onClick={() => void facts.refetch()}>Try again</Button>}
      />
    );
  }
  const { at, sizes, use, indexes, problem } = facts.data;
  return (
    <div className={styles.sections}>
      <div className={styles.bar}>
        <span className={styles.soft}>
          Asked <TimeAgo at={at} />
        </span>
        <span className={styles.space} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconRefresh size={14} />}
          loading={facts.isFetching}
          onClick={() => void facts.refetch()}
        >
          Ask again
        </Button>
      </div>
      {problem && <Explanation explanation={problem} severity="notice" compact />}
      {facts.isError && <Explanation explanation={explain(facts.error)} severity="warning" compact />}
      {sizes && <Sizes sizes={sizes} />}
      {use ? <Use use={use} /> : <p className={styles.soft}>The server counts nothing for it.</p>}
      {indexes.length > 0 && <Indexes indexes={indexes} table={table} since={use?.countedSince ?? null} />}
      {table.partitions.length > 0 && (
        <Section title="Partitions" of={table.partitions.length}>
          <Partitions partitions={table.partitions} of={of} go={go} />
        </Section>
      )}
    </div>
  );
}

function Sizes({ sizes }: { sizes: NonNullable<TableFacts['sizes']> }) {
  return (
    <Section title="Size">
      <Facts>
        <Size label="In all" of={sizes.total} />
        <Size label="Rows" of={sizes.heap} />
        <Size label="Indexes" of={sizes.indexes} />
        <Size label="Long values (TOAST)" of={sizes.toast} />
      </Facts>
    </Section>
  );
}

function Size({ label, of }: { label: string; of: string | null }) {
  if (of === null) return null;
  return (
    <Fact label={label}>
      <span title={exactBytes(of)}>{bytes(of)}</span>
    </Fact>
  );
}

function Use({ use }: { use: NonNullable<TableFacts['use']> }) {
  const dead = shareOf(use.deadRows, use.liveRows);
  const many = hasManyDead(use);
  const hot = share(use.hotUpdated, use.updated);
  const hits = shareOf(use.heapHits, use.heapReads);
  const since = instantOf(use.countedSince);
  return (
    <>
      <Section title="Rows and upkeep">
        <Facts>
          <Fact label="Live rows">{counted(use.liveRows)}</Fact>
          <Fact label="Dead rows">
            <span className={many ? styles.notice : undefined}>
              {many && <SeverityIcon severity="notice" size={13} />}
              <span>
                {counted(use.deadRows)}
                {dead !== undefined && Number(use.deadRows) > 0 && `, ${percent(dead)} of all`}
              </span>
            </span>
          </Fact>
          <Fact label="Last vacuum">
            <Upkeep last={laterOf(use.lastVacuum, use.lastAutovacuum)} by="autovacuum" />
          </Fact>
          <Fact label="Last analyze">
            <Upkeep last={laterOf(use.lastAnalyze, use.lastAutoanalyze)} by="autovacuum" />
          </Fact>
          <Fact label="Changed since then">{plus(use.modifiedSinceAnalyze, 'row')}</Fact>
        </Facts>
      </Section>
      <Section title="Use">
        <Facts>
          <Fact label="Sequential scans">
            {counted(use.sequentialScans)}
            <Last at={use.lastSequentialScan} />
          </Fact>
          <Fact label="Index scans">{counted(use.indexScans)}</Fact>
          <Fact label="Inserted">{counted(use.inserted)}</Fact>
          <Fact label="Updated">
            {counted(use.updated)}
            {hot !== undefined && (
              <span className={styles.unit} title="Heap-only tuples: updates that touched no index">
                {', '}
                {percent(hot)} HOT
              </span>
            )}
          </Fact>
          <Fact label="Deleted">{counted(use.deleted)}</Fact>
          <Fact label="Cache hits">{hits === undefined ? 'nothing was read' : percent(hits)}</Fact>
          <Fact label="Counted since">
            {since === undefined ? (use.countedSince ?? 'the server was set up') : <TimeAgo at={since} />}
          </Fact>
        </Facts>
      </Section>
    </>
  );
}

interface IndexesProps {
  indexes: TableFacts['indexes'];
  table: TableParts;
  since: string | null;
}

function Indexes({ indexes, table, since }: IndexesProps) {
  const keeps = new Map(table.indexes.map((index) => [index.name, index.keeps]));
  return (
    <Section title="Indexes" of={indexes.length}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" data-number>
              Size
            </th>
            <th scope="col" data-number>
              Scans
            </th>
          </tr>
        </thead>
        <tbody>
          {indexes.map((index) => (
            <tr key={index.name}>
              <th scope="row">
                <bdi className="mono">{oneLine(index.name)}</bdi>
                {index.scans === '0' && (
                  <div className={styles.soft}>
                    <Unused keeps={keeps.get(index.name) ?? ''} since={since} />
                  </div>
                )}
                {index.lastScan && (
                  <div className={styles.soft}>
                    last used <TimeAgo at={instantOf(index.lastScan)} />
                  </div>
                )}
              </th>
              <td data-number>
                {index.bytes === null ? (
                  '–'
                ) : (
                  <span title={exactBytes(index.bytes)}>{bytes(index.bytes)}</span>
                )}
              </td>
              <td data-number>{counted(index.scans)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Upkeep({ last, by }: { last: ReturnType<typeof laterOf>; by: string }): ReactNode {
  if (!last) return 'never';
  return (
    <>
      {last.at === undefined ? last.text : <TimeAgo at={last.at} />}
      <span className={styles.unit}>{last.automatic ? `, by ${by}` : ', by hand'}</span>
    </>
  );
}

function Last({ at }: { at: string | null }): ReactNode {
  const instant = instantOf(at);
  return instant === undefined ? null : (
    <span className={styles.unit}>
      , last <TimeAgo at={instant} />
    </span>
  );
}

const counted = (value: string | null): string => (value === null ? '–' : count(value));

function plus(value: string | null, noun: string): string {
  return value === null ? '–' : `${count(value)} ${value === '1' ? noun : `${noun}s`}`;
}

/** A part as a share of a whole, undefined while there is none. */
function share(part: string | null, whole: string | null): number | undefined {
  if (part === null || whole === null || whole === '0') return undefined;
  return Number(part) / Number(whole);
}
