import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconHourglass, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import {
  others,
  type WaitDimension,
  type WaitHistory,
  waitDimensions,
} from '../../preload/contract/waits.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { rate } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import { explain } from '../lib/errors.ts';
import type { ChartPoint } from '../metrics/chart-data.ts';
import { Crosshair } from '../metrics/crosshair.ts';
import { EventList } from '../metrics/event-list.tsx';
import { SeriesChart } from '../metrics/series-chart.tsx';
import { TimeWindowPicker, useTimeWindow } from '../metrics/time-window.tsx';
import { useHistory } from '../metrics/use-history.ts';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import type { ViewProps } from '../shell/room-props.ts';
import { seriesColor } from './colors.ts';
import { dimensionWords, type ShareRow, shareColumns, shareRows } from './share-columns.tsx';
import { useWaitHistory, useWaitLimits, useWaitTop, type WaitChoice } from './use-waits.ts';
import styles from './waits.module.css';

/** For what sessions waited over time, and who they were. */
export default function Waits({ environment, status, choice }: ViewProps) {
  const time = useTimeWindow();
  const { window, span, onZoom, onBack } = time;
  const [by, setBy] = useState<WaitDimension>('type');
  const [listed, setListed] = useState<WaitDimension>('statement');
  const [chosen, setChosen] = useState<WaitChoice>({ of: 'clients', filter: {} });
  const [labels, setLabels] = useState<Partial<Record<WaitDimension, string>>>({});
  const [crosshair] = useState(() => new Crosshair());
  const connected = status.state === 'connected';
  const { history: metrics } = useHistory(environment.id, window, span, status.state);
  const history = useWaitHistory(environment.id, time, by, chosen);
  const top = useWaitTop(environment.id, time, listed, chosen);
  const limits = useWaitLimits(environment.id, connected);
  usePaletteActions(useMemo(() => commandsFor(setBy), []));

  const narrow = (dimension: WaitDimension, key: string | undefined, label?: string): void => {
    setChosen(({ of, filter: { [dimension]: _, ...rest } }) => ({
      of,
      filter: key === undefined ? rest : { ...rest, [dimension]: key },
    }));
    setLabels((before) => ({ ...before, [dimension]: label ?? key }));
    // One value needs no list of its own.
    if (key !== undefined && dimension === listed)
      setListed(dimension === 'statement' ? 'event' : 'statement');
  };
  const columns = useMemo(() => shareColumns(listed), [listed]);
  const rows = useMemo(() => (top.data ? shareRows(top.data) : []), [top.data]);
  const actionsOf = ([row]: readonly ShareRow[]): RowAction[] =>
    row && row.key !== others
      ? [{ id: 'narrow', label: 'Show only this', run: () => narrow(listed, row.key, row.label) }]
      : [];

  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        {choice}
        <SegmentedControl
          aria-label="Whose waits"
          value={chosen.of}
          onChange={(of) =>
            setChosen((before) => ({ ...before, of: of === 'workers' ? 'workers' : 'clients' }))
          }
          data={[
            { value: 'clients', label: 'Clients' },
            { value: 'workers', label: 'Workers' },
          ]}
        />
        <Select
          className={styles.by ?? ''}
          aria-label="Tell apart by"
          value={by}
          onChange={(next) => setBy(waitDimensions.find((one) => one === next) ?? 'type')}
          data={waitDimensions.map((value) => ({
            value,
            label: `By ${dimensionWords[value].one.toLowerCase()}`,
          }))}
          allowDeselect={false}
        />
        {waitDimensions.map((dimension) => {
          const key = chosen.filter[dimension];
          if (key === undefined) return null;
          return (
            <Button
              key={dimension}
              className={styles.narrowed ?? ''}
              rightSection={<IconX size={12} aria-hidden />}
              title={`${dimensionWords[dimension].one}: ${labels[dimension] ?? key}. Press to show all again.`}
              onClick={() => narrow(dimension, undefined)}
            >
              <span className={styles.narrowedText}>{labels[dimension] ?? key}</span>
            </Button>
          );
        })}
        <span className={styles.space} />
        <TimeWindowPicker time={time} />
      </div>
      {limits.data?.map((limit) => (
        <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
      ))}
      {history.isError && <Explanation explanation={explain(history.error)} severity="bad" />}
      {history.isPending && <Loading label="Loading waits" rows={12} />}
      {history.data && (
        <div className={styles.content} aria-busy={history.isPlaceholderData}>
          <div className={styles.chart}>
            {history.data.coveredMs === 0 ? (
              <div className={styles.empty}>
                <Empty icon={IconHourglass} title="No session was sampled in this window">
                  {connected
                    ? 'Active sessions are counted with each live sample, also while this screen is closed; the first point appears within a minute.'
                    : 'Active sessions are counted while the environment is connected.'}
                </Empty>
              </div>
            ) : (
              <Chart
                history={history.data}
                by={by}
                whole={span === null}
                events={metrics?.events ?? []}
                crosshair={crosshair}
                onZoom={onZoom}
                onBack={onBack}
              />
            )}
          </div>
          <div className={styles.below}>
            <div className={styles.list}>
              <SegmentedControl
                className={styles.tabs ?? ''}
                aria-label="Who made up this span, by"
                value={listed}
                onChange={(next) => setListed(waitDimensions.find((one) => one === next) ?? 'statement')}
                data={listedDimensions.map((value) => ({ value, label: dimensionWords[value].many }))}
              />
              <div className={styles.table}>
                {top.isError ? (
                  <Explanation explanation={explain(top.error)} />
                ) : (
                  <DataTable
                    key={listed}
                    name={`waits-${listed}`}
                    label={`Who was active, by ${dimensionWords[listed].one.toLowerCase()}`}
                    noun="row"
                    columns={columns}
                    rows={rows}
                    keyOf={keyOf}
                    sorting={mostFirst}
                    actions={actionsOf}
                    onOpen={(row) => row.key !== others && narrow(listed, row.key, row.label)}
                    note={rows.length > 0 ? 'Enter or double-click shows only that' : null}
                    empty={
                      top.data && (
                        <Empty title="Nobody was active">Neither running nor waiting for anything.</Empty>
                      )
                    }
                  />
                )}
              </div>
            </div>
            <EventList
              events={metrics?.events ?? []}
              leftOut={metrics?.eventsLeftOut ?? 0}
              from={history.data.from}
              to={history.data.to}
              crosshair={crosshair}
            />
          </div>
        </div>
      )}
    </div>
  );
}

const listedDimensions = ['statement', 'event', 'user', 'application', 'database'] as const;
const mostFirst = [{ id: 'time', desc: true }];
const keyOf = ({ key }: ShareRow): string => key || 'others';

interface ChartProps
  extends Pick<React.ComponentProps<typeof SeriesChart>, 'events' | 'crosshair' | 'onZoom' | 'onBack'> {
  history: WaitHistory;
  by: WaitDimension;
  /** Not zoomed in: where sampling has only just begun, the time before need not take up the room. */
  whole: boolean;
}

/** Least steps that are shown. */
const leastSteps = 20;

function Chart({ history, by, whole, ...rest }: ChartProps) {
  const { series, hidden, from, to, stepMs } = history;
  const first = hidden.findIndex((value) => value !== null);
  const shownFrom = whole ? Math.max(from, Math.min(from + first * stepMs, to - leastSteps * stepMs)) : from;
  const anyHidden = hidden.some((value) => (value ?? 0) > 0);
  const lines = useMemo(
    () => [
      ...series.map(({ key, label }, place) => ({
        id: key || 'others',
        label: label.length > 60 ? `${label.slice(0, 59)}…` : label,
        color: seriesColor(by, key, place),
      })),
      ...(anyHidden ? [{ id: 'hidden', label: 'State hidden', color: 'var(--state-hidden)' }] : []),
    ],
    [series, by, anyHidden],
  );
  const points = useMemo(
    () =>
      hidden.map(
        (notSeen, place): ChartPoint => ({
          at: from + (place + 0.5) * stepMs,
          values: [...series.map(({ mean }) => mean[place] ?? null), ...(anyHidden ? [notSeen] : [])],
          bands: lines.map(() => null),
        }),
      ),
    [series, hidden, from, stepMs, anyHidden, lines],
  );
  return (
    <SeriesChart
      id="waits"
      title="Active sessions"
      unitLabel={`average, by ${dimensionWords[by].one.toLowerCase()}`}
      unit="rate"
      shape="stack"
      lines={lines}
      points={points}
      format={rate}
      legend="newest"
      from={shownFrom}
      to={to}
      stepMs={stepMs}
      {...rest}
    />
  );
}

const commandsFor = (setBy: (by: WaitDimension) => void) =>
  waitDimensions.map((by) => ({
    id: `waits by ${by}`,
    label: `Show waits by ${dimensionWords[by].one.toLowerCase()}`,
    detail: 'Waits',
    keywords: 'active sessions group',
    icon: IconHourglass,
    run: () => setBy(by),
  }));
