import { IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Episode, Episodes } from '../../preload/contract/locks.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { duration, plural, rate } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { ChartCard } from '../metrics/chart-card.tsx';
import type { ChartDefinition } from '../metrics/chart-data.ts';
import { chartsOf } from '../metrics/charts.ts';
import { Crosshair } from '../metrics/crosshair.ts';
import { EventList } from '../metrics/event-list.tsx';
import { firstToShow } from '../metrics/live-history.ts';
import { TimeWindowPicker, useTimeWindow } from '../metrics/time-window.tsx';
import { useHistory } from '../metrics/use-history.ts';
import type { ViewProps } from '../shell/room-props.ts';
import { sessionStateColors } from '../theme/colors.ts';
import { episodeColumns } from './episode-columns.tsx';
import { EpisodeInspector } from './episode-inspector.tsx';
import styles from './history.module.css';

interface LockHistoryProps extends ViewProps {
  /** Which episode is open, and how to open another. */
  opened: number | undefined;
  onOpen: (id: number | undefined) => void;
  onSession: (pid: number) => void;
}

const waitingChart: ChartDefinition = {
  id: 'waiting',
  title: 'Waiting on locks',
  unitLabel: 'sessions',
  unit: 'rate',
  shape: 'lines',
  lines: [{ id: 'waiting', metric: 'sessions.waiting', label: 'Waiting', color: sessionStateColors.waiting }],
  format: rate,
  legend: 'live',
};
const deadlockChart = chartsOf('server').filter(({ id }) => id === 'deadlocks');
const charts = [waitingChart, ...deadlockChart];
const refetchMs = 10_000;

/** Who held up whom in the past: blocking episodes with what led to them. */
export default function LockHistory(props: LockHistoryProps) {
  const { environment, status, choice, opened, onOpen, onSession } = props;
  const time = useTimeWindow('24h');
  const { window, span, onZoom, onBack } = time;
  const [crosshair] = useState(() => new Crosshair());
  const connected = status.state === 'connected';
  const { history, live, stale } = useHistory(environment.id, window, span, status.state);
  const query = useQuery({
    queryKey: ['locks', environment.id, 'episodes', window, span],
    queryFn: () =>
      client.locks.episodes({
        environment: environment.id,
        window,
        ...(span ? { from: span[0], to: span[1] } : {}),
      }),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
  const limits = useQuery({
    queryKey: ['locks', environment.id, 'limits', connected],
    queryFn: () => client.locks.limits({ environment: environment.id }),
    enabled: connected,
    retry: false,
  });
  const columns = useMemo(() => episodeColumns(connected), [connected]);
  const listed = query.data?.episodes.find(({ id }) => id === opened);
  const from = history && span === null ? firstToShow(history) : (history?.from ?? 0);
  const view = `${window} ${span?.join() ?? ''} ${stale}`;

  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        {choice}
        <span className={styles.space} />
        <TimeWindowPicker time={time} />
      </div>
      {limits.data?.map((limit) => (
        <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
      ))}
      {query.isError && <Explanation explanation={explain(query.error)} />}
      {(query.isPending || !history) && !query.isError && (
        <Loading label="Loading blocking episodes" rows={12} />
      )}
      {query.data && history && (
        <div className={styles.content}>
          <div className={styles.charts}>
            {charts.map((chart) => (
              <ChartCard
                key={chart.id}
                chart={chart}
                history={history}
                from={from}
                limits={noLimits}
                live={connected ? live : undefined}
                view={view}
                crosshair={crosshair}
                onZoom={onZoom}
                onBack={onBack}
              />
            ))}
            <EventList
              events={history.events}
              leftOut={history.eventsLeftOut}
              from={from}
              to={history.to}
              crosshair={crosshair}
            />
          </div>
          <div className={styles.table}>
            <DataTable
              name="lock-episodes"
              label="Blocking episodes"
              noun="episode"
              columns={columns}
              rows={query.data.episodes}
              keyOf={keyOf}
              sorting={newestFirst}
              live
              onActive={(row) => opened !== undefined && onOpen(row?.id)}
              onOpen={(row) => onOpen(row.id)}
              toneOf={toneOf}
              note={noteOf(query.data)}
              empty={<Nothing connected={connected} />}
            />
          </div>
        </div>
      )}
      {opened !== undefined && (
        <EpisodeInspector
          environment={environment.id}
          id={opened}
          listed={listed}
          connected={connected}
          onSession={onSession}
          onZoom={onZoom}
          onClose={() => onOpen(undefined)}
        />
      )}
    </div>
  );
}

const noLimits: [] = [];
const newestFirst = [{ id: 'began', desc: true }];
const keyOf = ({ id }: Episode): string => String(id);
const toneOf = ({ ended }: Episode): string | undefined => (ended === null ? 'waiting' : undefined);

function Nothing({ connected }: { connected: boolean }) {
  return (
    <Empty icon={connected ? IconCircleCheck : IconPlugConnectedX} title="No blocking episode in this window">
      From when somebody waits for a lock until nobody does, who stood in the way is written down here, also
      while this screen is closed. Nothing is seen while the environment is not connected.
    </Empty>
  );
}

function noteOf({ brief, leftOut }: Episodes): string | null {
  const parts: string[] = [];
  if (leftOut > 0) parts.push(`${plural(leftOut, 'older one')} not listed: zoom in`);
  if (brief.episodes > 0)
    parts.push(`${plural(brief.episodes, 'brief wait')} counted only (${duration(brief.waitedMs)} together)`);
  return parts.join(' · ') || null;
}
