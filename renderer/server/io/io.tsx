import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Io as Counters } from '../../../preload/contract/server.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, duration, percent } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { Crosshair } from '../../metrics/crosshair.ts';
import { SeriesChart } from '../../metrics/series-chart.tsx';
import { TimeWindowPicker, useTimeWindow } from '../../metrics/time-window.tsx';
import type { ViewProps } from '../../shell/room-props.ts';
import { Block, Limits, tableHeight } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';
import { rateCharts, ratePoints } from './charts.ts';
import { ioColumns, slruColumns } from './columns.tsx';

/** How the server writes and reads: over time from the store, and all counters as they stand. */
export default function Io({ environment, status, choice }: ViewProps) {
  const time = useTimeWindow();
  const { data, problem } = useServer(
    status,
    ['io'],
    (options) => client.server.io({ environment: environment.id }, options),
    status.state === 'connected' ? 30_000 : false,
  );
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <span className={styles.space} />
        <TimeWindowPicker time={time} />
      </div>
      {data && <Limits limits={data.limits} />}
      <div className={styles.scroll}>
        <Charts environment={environment.id} time={time} />
        {problem && <Explanation explanation={problem} severity="warning" compact />}
        {!data && !problem && <Loading label="Loading the counters" rows={6} />}
        {data && <Standing io={data} />}
      </div>
    </div>
  );
}

function Charts({ environment, time }: { environment: string; time: ReturnType<typeof useTimeWindow> }) {
  const { window, span, onZoom, onBack } = time;
  const [crosshair] = useState(() => new Crosshair());
  const { data: rates, error } = useQuery({
    queryKey: ['server', environment, 'rates', window, span],
    queryFn: () =>
      client.server.rates({ environment, window, ...(span ? { from: span[0], to: span[1] } : {}) }),
    placeholderData: (before, query) => (query?.queryKey[1] === environment ? before : undefined),
    refetchInterval: span ? false : 60_000,
  });
  if (error) return <Explanation explanation={explain(error)} compact />;
  if (!rates) return <Loading label="Loading the charts" rows={6} />;
  const shown = rateCharts.flatMap((chart) => {
    const lines = chart.lines.filter(({ rate }) => rates.series[rate]);
    // What this server does not count has no line, and one that nobody replicates from no charts of how far they are behind.
    if (lines.length > 0) return [{ ...chart, lines }];
    return chart.id === 'lag' || chart.id === 'delay' ? [] : [chart];
  });
  return (
    <div className={styles.charts}>
      {shown.map((chart) => (
        <SeriesChart
          key={chart.id}
          id={chart.id}
          title={chart.title}
          unitLabel={chart.unitLabel}
          unit={chart.unit}
          shape={chart.shape}
          lines={chart.lines}
          points={ratePoints(rates, chart)}
          format={chart.format}
          legend={chart.legend}
          from={rates.from}
          to={rates.to}
          stepMs={rates.stepMs}
          events={rates.events}
          crosshair={crosshair}
          onZoom={onZoom}
          onBack={onBack}
        />
      ))}
    </div>
  );
}

/** All counters since their last reset. */
function Standing({ io }: { io: Counters }) {
  const { rows, checkpoints, wal, slru } = io;
  const columns = useMemo(() => ioColumns(io.timed), [io.timed]);
  const all = Number(checkpoints.timed ?? 0) + Number(checkpoints.requested ?? 0);
  const written = [
    ['checkpointer', checkpoints.byCheckpointer],
    ['background writer', checkpoints.byBackground],
    ['backends', checkpoints.byBackends],
  ] as const;
  return (
    <>
      <Block
        title="Checkpoints"
        line={
          <>
            <span>
              {count(all)} since <TimeAgo at={checkpoints.resetAt} />
            </span>
            {all > 0 && <span>{percent(Number(checkpoints.requested ?? 0) / all)} before their time</span>}
            {checkpoints.restartpoints !== null && checkpoints.restartpoints !== '0' && (
              <span>{count(checkpoints.restartpoints)} restartpoints</span>
            )}
            {checkpoints.writeMs !== null && <span>{duration(checkpoints.writeMs)} writing</span>}
            {checkpoints.syncMs !== null && <span>{duration(checkpoints.syncMs)} syncing</span>}
            {written.map(
              ([who, many]) => many !== null && <span key={who}>{`${bytes(many)} by the ${who}`}</span>,
            )}
          </>
        }
      />
      {wal && (
        <Block
          title="WAL"
          line={
            <>
              <span>
                {bytes(wal.bytes ?? 0)} in {count(wal.records ?? 0)} records since{' '}
                <TimeAgo at={wal.resetAt} />
              </span>
              <span>{count(wal.fullPageImages ?? 0)} full pages</span>
              <span>buffers full {count(wal.buffersFull ?? 0)} times</span>
              {wal.writes !== null && <span>{count(wal.writes)} writes</span>}
              {wal.syncs !== null && <span>{count(wal.syncs)} syncs</span>}
            </>
          }
        />
      )}
      {rows.length > 0 && (
        <Block
          title="Who reads and writes"
          line={
            <>
              <span>
                since <TimeAgo at={io.ioResetAt} />
              </span>
              {!io.timed && <span>times are not measured: track_io_timing is off</span>}
            </>
          }
        >
          <div className={styles.blockTable} style={{ height: tableHeight(rows.length) }}>
            <DataTable
              name="server-io"
              label="I/O"
              columns={columns}
              rows={rows}
              keyOf={({ backendType, object, context }) => `${backendType} ${object} ${context}`}
              live
              footer={false}
            />
          </div>
        </Block>
      )}
      {slru.length > 0 && (
        <Block title="Small caches (SLRU)">
          <div className={styles.blockTable} style={{ height: tableHeight(slru.length) }}>
            <DataTable
              name="server-slru"
              label="SLRU"
              columns={slruColumns}
              rows={slru}
              keyOf={({ name }) => name}
              live
              footer={false}
            />
          </div>
        </Block>
      )}
    </>
  );
}
