import { SegmentedControl } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type { History, Window } from '../../preload/contract/metrics.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { instantLabel } from './axes.ts';
import { ChartCard } from './chart-card.tsx';
import { chartsOf, type Scope } from './charts.ts';
import { ChartsLoading } from './charts-loading.tsx';
import { Crosshair } from './crosshair.ts';
import { DatabaseSizes } from './database-sizes.tsx';
import { EventList } from './event-list.tsx';
import { Facts } from './facts.tsx';
import { Findings } from './findings.tsx';
import { firstToShow } from './live-history.ts';
import styles from './overview.module.css';
import type { Limit } from './time-chart.tsx';
import { TimeWindowPicker, useTimeWindow } from './time-window.tsx';
import { useHistory, useMeasuredSince } from './use-history.ts';

interface OverviewProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** How a server fares: facts, findings, and charts of the last hour to the last thirty days. */
export default function Overview(props: OverviewProps) {
  return <OverviewOf key={props.environment.id} {...props} />;
}

function OverviewOf({ environment, status }: OverviewProps) {
  const time = useTimeWindow();
  const { window, span, onZoom, onBack } = time;
  const [scope, setScope] = useState<Scope>('server');
  const [crosshair] = useState(() => new Crosshair());
  // A connection that came or went has left an event behind.
  const { history, stale, problem, ...measured } = useHistory(environment.id, window, span, status.state);
  const live = status.state === 'connected' ? measured.live : undefined;

  const charts = useMemo(() => chartsOf(scope), [scope]);
  const maxConnections = history?.maxConnections ?? status.server?.maxConnections ?? null;
  const reserved = status.server?.reservedConnections ?? 0;
  const limits = useMemo(() => connectionLimits(maxConnections, reserved), [maxConnections, reserved]);
  const view = `${window} ${scope} ${span?.join() ?? ''} ${stale}`;
  const from = history && span === null ? firstToShow(history) : (history?.from ?? 0);
  const database = status.server?.database ?? environment.connection.database;

  return (
    <div className={styles.screen}>
      <div className={styles.top}>
        <Facts status={status} hitRatio={live?.values['server.hit'] ?? null} />
        <div className={styles.controls}>
          {history && from > history.from && (
            <MeasuredSince environment={environment.id} window={window} history={history} />
          )}
          <SegmentedControl
            aria-label="Scope of the charts"
            value={scope}
            onChange={(next) => setScope(next === 'database' ? 'database' : 'server')}
            data={[
              { value: 'server', label: 'Server' },
              { value: 'database', label: <span title={database}>Database</span> },
            ]}
          />
          <TimeWindowPicker time={time} />
        </div>
      </div>
      <Findings environment={environment.id} findings={status.findings} />
      {problem && <Explanation explanation={problem} severity={history ? 'warning' : 'bad'} />}
      {!history && !problem && <ChartsLoading />}
      {history && (
        <div className={styles.grid} data-stale={stale || undefined} aria-busy={stale}>
          {Object.keys(history.series).length === 0 && span === null ? (
            <div className={styles.empty}>
              <Empty icon={IconChartLine} title="Nothing measured yet">
                {status.state === 'connected'
                  ? 'The first points appear within seconds; the charts fill from then on, also while this screen is closed.'
                  : 'Charts are drawn from what is measured while the environment is connected.'}
              </Empty>
            </div>
          ) : (
            charts.map((chart) => (
              <ChartCard
                key={chart.id}
                chart={chart}
                history={history}
                from={from}
                limits={chart.id === 'sessions' ? limits : noLimits}
                live={live}
                view={view}
                crosshair={crosshair}
                onZoom={onZoom}
                onBack={onBack}
              />
            ))
          )}
          <DatabaseSizes
            environment={environment.id}
            window={window}
            from={from}
            to={history.to}
            events={history.events}
            view={view}
            crosshair={crosshair}
            onZoom={onZoom}
            onBack={onBack}
          />
          <EventList
            events={history.events}
            leftOut={history.eventsLeftOut}
            from={from}
            to={history.to}
            crosshair={crosshair}
          />
        </div>
      )}
    </div>
  );
}

interface MeasuredSinceProps {
  environment: string;
  window: Window;
  history: History;
}

function MeasuredSince({ environment, window, history }: MeasuredSinceProps) {
  const since = useMeasuredSince(environment, window, history);
  if (since === undefined) return null;
  return <span className={styles.since}>measured since {instantLabel(since)}</span>;
}

/** A span in short: its two ends, with the date where that is not today. */
const noLimits: readonly Limit[] = [];

function connectionLimits(max: number | null, reserved: number): readonly Limit[] {
  if (max === null) return noLimits;
  const limits: Limit[] = [{ value: max, label: `limit ${max}` }];
  if (reserved > 0) limits.push({ value: max - reserved, label: `${reserved} reserved`, minor: true });
  return limits;
}
