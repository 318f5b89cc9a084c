import { ActionIcon, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconGauge, IconRefresh, IconRotate } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { StatementRow, TopStatements } from '../../../preload/contract/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { count, dateTime, duration } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { Crosshair } from '../../metrics/crosshair.ts';
import { TimeWindowPicker, useTimeWindow } from '../../metrics/time-window.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { useRoomView } from '../../shell/room-view.ts';
import { Banners } from './banners.tsx';
import { statementColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { topCommands } from './palette-commands.ts';
import { ResetDialog } from './reset-dialog.tsx';
import { Setup } from './setup.tsx';
import { StatementInspector } from './statement-inspector.tsx';
import styles from './top.module.css';
import { TopChart } from './top-chart.tsx';
import { type TopAsk, useStatementsState, useTop } from './use-top.ts';

const first: TopAsk = { source: 'window', order: 'total', search: '', user: null, database: null };
const keyOf = ({ key }: StatementRow): string => key;
const toneOf = ({ queryId }: StatementRow): string | undefined => (queryId === null ? 'gone' : undefined);

/** The statements that took most of something, over a window or since the last reset. */
export default function Top({ environment, status, choice }: ViewProps) {
  const connected = status.state === 'connected';
  const { rest: opened, go } = useRoomView(environment.id, 'queries', [
    'top',
    'regressions',
    'plans',
  ] as const);
  const time = useTimeWindow();
  const [crosshair] = useState(() => new Crosshair());
  const [wanted, setWanted] = useState<TopAsk>(first);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 200);
  const [resets, setResets] = useState<{ row: StatementRow | null }>();
  const state = useStatementsState(environment.id, status.state);
  const windowed = useTop(environment.id, time, { ...wanted, search }, status.state);
  // Until the first interval is there, what the server has counted so far is better than nothing.
  const isYoung =
    wanted.source === 'window' && connected && windowed.data?.covered === null && time.span === null;
  const fallback = useTop(
    environment.id,
    time,
    { ...wanted, search, source: 'reset' },
    `${status.state} ${isYoung}`,
    isYoung,
  );
  const answer = isYoung ? fallback : windowed;
  const top = answer.data;
  const look = useLook(environment.id);
  const ask = useCallback(
    (changes: Partial<TopAsk>) => setWanted((before) => ({ ...before, ...changes })),
    [],
  );
  const resetAll = useCallback(() => setResets({ row: null }), []);
  const explainPlan = useCallback((key: string) => go('plans', key), [go]);
  const open = useCallback((row: StatementRow | null) => go('top', row?.key), [go]);
  const takeNow = useCallback(() => look.mutate(), [look.mutate]);
  usePaletteActions(useMemo(() => topCommands({ takeNow, resetAll, ask }), [takeNow, resetAll, ask]));

  const key = decodeURIComponent(opened);
  const shown = key === '' ? undefined : top?.rows.find((row) => row.key === key);
  const actionsOf = useCallback(
    ([row]: readonly StatementRow[]): RowAction[] => {
      if (!row) return [];
      const refused = row.queryId === null ? 'Hidden from this role' : undefined;
      return [
        { id: 'open', label: 'Open', run: () => open(row) },
        { id: 'explain', label: 'Explain', refused, run: () => explainPlan(row.key) },
        {
          id: 'reset',
          label: 'Reset…',
          destroys: true,
          refused: refused ?? (connected ? undefined : 'Not connected'),
          run: () => setResets({ row }),
        },
      ];
    },
    [open, explainPlan, connected],
  );

  const needsSetup = state.data !== undefined && state.data.steps.length > 0 && !windowed.data?.covered;
  const lookProblem = look.isError ? explain(look.error) : undefined;
  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          {top && <Covered top={top} isYoung={isYoung} nextAt={state.data?.nextAt ?? null} />}
          <span className={styles.space} />
          <TimeWindowPicker time={time} />
          <ActionIcon
            variant="default"
            aria-label="Take a snapshot now"
            title="Take a snapshot now"
            disabled={!connected}
            loading={look.isPending}
            onClick={takeNow}
          >
            <IconRefresh size={14} />
          </ActionIcon>
          <Button leftSection={<IconRotate size={14} />} disabled={!connected} onClick={resetAll}>
            Reset…
          </Button>
        </div>
        {needsSetup && state.data ? (
          <Setup state={state.data} />
        ) : (
          <>
            <Filters
              ask={wanted}
              typed={typed}
              top={top}
              connected={connected}
              onAsk={ask}
              onType={setTyped}
            />
            <Banners
              limits={top?.limits ?? []}
              problems={[lookProblem, answer.isError ? explain(answer.error) : undefined]}
            />
            {!top && !answer.isError && <Loading label="Loading statements" rows={14} />}
            {top && (
              <div
                className={styles.content}
                data-plain={top.chart === null || undefined}
                data-stale={answer.isPlaceholderData || undefined}
                aria-busy={answer.isPlaceholderData}
              >
                {top.chart && (
                  <div className={styles.chart}>
                    <TopChart top={top} time={time} crosshair={crosshair} />
                  </div>
                )}
                <div className={styles.table}>
                  <DataTable
                    name="queries-top"
                    label="Statements"
                    noun="statement"
                    columns={statementColumns}
                    rows={top.rows}
                    keyOf={keyOf}
                    filterSignature={`${JSON.stringify(wanted)} ${search}`}
                    onActive={(row) => shown && row && open(row)}
                    onOpen={open}
                    actions={actionsOf}
                    toneOf={toneOf}
                    note={<Rest top={top} />}
                    empty={
                      <Nothing
                        top={top}
                        narrowed={isNarrowed({ ...wanted, search })}
                        onClear={() => {
                          setTyped('');
                          ask({ user: null, database: null });
                        }}
                        connected={connected}
                      />
                    }
                  />
                </div>
              </div>
            )}
          </>
        )}
      </div>
      {shown && (
        <StatementInspector
          key={shown.key}
          environment={environment}
          row={shown}
          time={time}
          crosshair={crosshair}
          onExplain={explainPlan}
          onReset={connected ? (row) => setResets({ row }) : undefined}
          onClose={() => go('top')}
        />
      )}
      {resets && (
        <ResetDialog environment={environment} row={resets.row} onClose={() => setResets(undefined)} />
      )}
    </>
  );
}

/** Takes a snapshot, and asks for everything anew. */
function useLook(environment: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.queries.snapshotNow({ environment }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queries', environment] }),
  });
}

const isNarrowed = ({ search, user, database }: TopAsk): boolean =>
  search !== '' || user !== null || database !== null;

interface CoveredProps {
  top: TopStatements;
  isYoung: boolean;
  nextAt: number | null;
}

/** What the figures are of. */
function Covered({ top, isYoung, nextAt }: CoveredProps) {
  const { source, covered, from, to } = top;
  if (isYoung) {
    return (
      <span className={styles.soft} title={nextAt === null ? undefined : `Next look at ${dateTime(nextAt)}`}>
        No interval measured in this window yet: counters since the last reset
      </span>
    );
  }
  if (source === 'reset') {
    return (
      <span className={styles.soft}>
        Counted since {from === null ? 'the last reset, whenever that was' : <TimeAgo at={from} />}
      </span>
    );
  }
  if (!covered) return null;
  const span = covered.to - covered.from;
  const isPart = from !== null && span < 0.9 * (to - from);
  return (
    <span className={styles.soft} title={`${dateTime(covered.from)} – ${dateTime(covered.to)}`}>
      {isPart ? `Measured for ${duration(span)} of it, last ` : 'Measured until '}
      <TimeAgo at={covered.to} />
    </span>
  );
}

/** What is not listed. */
function Rest({ top: { rest } }: { top: TopStatements }) {
  const { calls, execMs } = rest.figures;
  if (calls === 0 && execMs === 0) return 'Enter or double-click opens';
  return (
    <>
      {rest.statements === null ? 'smaller ones' : `${count(rest.statements)} more`}: {duration(execMs)} in{' '}
      {count(Math.round(calls))} calls
    </>
  );
}

interface NothingProps {
  top: TopStatements;
  narrowed: boolean;
  connected: boolean;
  onClear: () => void;
}

function Nothing({ top, narrowed, connected, onClear }: NothingProps) {
  if (narrowed) {
    return (
      <Empty
        icon={IconFilterOff}
        title="No statement matches the filters"
        actions={<Button onClick={onClear}>Clear filters</Button>}
      >
        Of statements too small to be kept by themselves there is only a sum.
      </Empty>
    );
  }
  if (top.source === 'window' && top.covered === null) {
    return (
      <Empty icon={IconGauge} title="Nothing measured in this window">
        {connected
          ? 'Counters are read every minute; the first interval is there after the second look.'
          : 'History comes from what is read while the environment is connected.'}
      </Empty>
    );
  }
  return (
    <Empty icon={IconGauge} title="No statement ran">
      Nothing was counted in this time.
    </Empty>
  );
}
