import { Button } from '@mantine/core';
import { IconListTree, IconRotate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { StatementDetail, StatementFigures, StatementRow } from '../../../preload/contract/queries.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, dateTime, duration, exactBytes, percent } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import type { Crosshair } from '../../metrics/crosshair.ts';
import type { TimeWindow } from '../../metrics/time-window.tsx';
import { hitShare, ioMs } from './columns.tsx';
import { layOut } from './sql-layout.ts';
import styles from './top.module.css';
import { Trends } from './trends.tsx';
import { callTime, statementLine } from './words.ts';

interface StatementInspectorProps {
  environment: Environment;
  row: StatementRow;
  time: TimeWindow;
  crosshair: Crosshair;
  onExplain: (key: string) => void;
  /** Undefined where it can't be reset. */
  onReset: ((row: StatementRow) => void) | undefined;
  onClose: () => void;
}

/** One statement: its text, trend, figures, and who ran it. */
export function StatementInspector(props: StatementInspectorProps) {
  const { environment, row, time, crosshair, onExplain, onReset, onClose } = props;
  const { window, span } = time;
  const detail = useQuery({
    queryKey: ['queries', environment.id, 'statement', row.key, window, span],
    queryFn: () =>
      client.queries.statement({
        ...{ environment: environment.id, window, key: row.key },
        ...(span ? { from: span[0], to: span[1] } : {}),
      }),
    refetchInterval: span ? false : 60_000,
  });
  const shown = detail.data;
  return (
    <Inspector
      title={row.queryId === null ? 'Hidden statements' : 'Statement'}
      aside={row.topLevel ? undefined : <span className={styles.nested}>nested</span>}
      onClose={onClose}
      footer={
        <>
          <Button
            leftSection={<IconListTree size={14} />}
            disabled={row.queryId === null}
            onClick={() => onExplain(row.key)}
          >
            Explain
          </Button>
          <Button
            leftSection={<IconRotate size={14} />}
            disabled={!onReset || row.queryId === null}
            onClick={() => onReset?.(row)}
          >
            Reset…
          </Button>
        </>
      }
    >
      <div className={styles.sections}>
        {detail.isError && (
          <Explanation explanation={explain(detail.error)} severity={shown ? 'warning' : 'bad'} />
        )}
        <Text row={row} detail={shown} />
        {shown ? (
          <Trends detail={shown} time={time} crosshair={crosshair} />
        ) : (
          detail.isPending && <Loading label="Loading the statement" rows={6} />
        )}
        <Section title={shown?.firstSeen ? 'In the window' : 'Figures'}>
          <Figures figures={shown?.firstSeen ? shown.figures : row.figures} />
        </Section>
        {shown?.sinceReset && shown.firstSeen && (
          <Section title="Since the last reset">
            <Figures figures={shown.sinceReset} />
          </Section>
        )}
        <Section title="About">
          <Facts>
            <Fact label="User">{row.user ?? '–'}</Fact>
            <Fact label="Database">{row.database ?? '–'}</Fact>
            {row.queryId !== null && (
              <Fact label="Query id">
                {row.queryId} <CopyButton text={row.queryId} label="Copy the query id" />
              </Fact>
            )}
            {shown?.firstSeen && (
              <Fact label="First kept">
                <span title={dateTime(shown.firstSeen)}>
                  <TimeAgo at={shown.firstSeen} />
                </span>
              </Fact>
            )}
            {shown?.lastSeen && (
              <Fact label="Last moved">
                <TimeAgo at={shown.lastSeen} />
              </Fact>
            )}
          </Facts>
        </Section>
        {shown && <Applications detail={shown} />}
      </div>
    </Inspector>
  );
}

function Text({ row, detail }: { row: StatementRow; detail: StatementDetail | undefined }) {
  const text = detail?.text ?? row.text;
  if (text === null) return <p className={styles.none}>{statementLine(row)}</p>;
  const shown = layOut(text);
  return (
    <section>
      <div className={styles.line}>
        <span className={styles.soft}>Constants are $1, $2 …</span>
        <CopyButton text={text} label="Copy the statement" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long statement scrolls, and the keyboard must reach it. */}
      <pre className={styles.text} dir="auto" tabIndex={0}>
        {shown}
      </pre>
      {detail?.textCut && (
        <p className={styles.cut}>
          Its end is missing:{' '}
          {detail.textBytes === null ? 'it is longer' : `${exactBytes(detail.textBytes)} in all`}, of which
          the beginning is kept. Do not run it as it stands.
        </p>
      )}
    </section>
  );
}

function Figures({ figures }: { figures: StatementFigures }) {
  const { calls, meanMs, maxMs, planMs, walBytes, jitMs } = figures;
  const hit = hitShare(figures);
  const io = ioMs(figures);
  const unknown = <span className={styles.none}>not measured</span>;
  return (
    <Facts>
      <Fact label="Time">
        {duration(figures.execMs)}
        {meanMs !== null && `, ${callTime(meanMs)} a call`}
      </Fact>
      <Fact label="Longest">{maxMs === null ? 'no longer than before' : callTime(maxMs)}</Fact>
      <Fact label="Calls">{count(Math.round(calls))}</Fact>
      <Fact label="Rows">
        {count(Math.round(figures.rows))}
        {calls > 0 && `, ${(figures.rows / calls).toFixed(1)} a call`}
      </Fact>
      <Fact label="Shared blocks">
        {count(figures.sharedRead)} read, {count(figures.sharedHit)} found
        {hit !== null && ` (${percent(hit)})`}, {count(figures.sharedDirtied)} dirtied,{' '}
        {count(figures.sharedWritten)} written
      </Fact>
      <Fact label="Temporary">
        {count(figures.tempRead)} blocks read, {count(figures.tempWritten)} written
      </Fact>
      <Fact label="I/O time">{io === null ? unknown : duration(io)}</Fact>
      <Fact label="WAL">{walBytes === null ? unknown : bytes(walBytes)}</Fact>
      <Fact label="Planning">{planMs === null ? unknown : duration(planMs)}</Fact>
      <Fact label="JIT">{jitMs === null ? unknown : duration(jitMs)}</Fact>
    </Facts>
  );
}

function Applications({ detail: { applications } }: { detail: StatementDetail }) {
  return (
    <Section title="Who runs it" {...(applications ? { of: applications.length } : {})}>
      {applications === null ? (
        <p className={styles.none}>
          Live samples do not tell query ids here: PostgreSQL 14 and later do, where compute_query_id is on.
        </p>
      ) : applications.length === 0 ? (
        <p className={styles.none}>No live sample caught it running in this window.</p>
      ) : (
        <table className={styles.applications}>
          <thead>
            <tr>
              <th>Application</th>
              <th>User</th>
              <th>Database</th>
              <th>Caught</th>
            </tr>
          </thead>
          <tbody>
            {applications.map(({ application, user, database, samples, lastAt }) => (
              <tr key={`${application} ${user} ${database}`}>
                <td dir="auto">{application || '(no name)'}</td>
                <td dir="auto">{user}</td>
                <td dir="auto">{database}</td>
                <td title={`Last at ${dateTime(lastAt)}`}>{count(samples)}×</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
